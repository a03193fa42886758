import { afterAll, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, INPUTS, publishNew, refusal } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

interface Kit {
  revision: number;
  language: string;
  short: string;
  segments: number;
  title: string;
  body: string;
  panel: { pages: string[][]; complete: boolean };
  roadPanel: string[] | null;
  spoken: string;
}
const KIT = `query ($id: ID!, $languages: [LanguageTag!]! = ["fr-FR"], $lines: Int! = 12, $columns: Int! = 40) {
  publication(id: $id) { relayKit(languages: $languages) {
    revision language outdated short segments title body
    panel(lines: $lines, columns: $columns) { pages complete } roadPanel spoken
  } }
}`;
const kitOf = async (id: string, more: object = {}): Promise<Kit> => {
  const { publication } = await hub.as().request<{ publication: { relayKit: Kit } }>(KIT, { id, ...more });
  return publication.relayKit;
};
const formsOf = ({ short, title, body, panel, roadPanel, spoken }: Kit): string[] => [
  ...[short, title, body, spoken],
  ...panel.pages.map((page) => page.join(' ')),
  ...(roadPanel ? [roadPanel.join(' ')] : []),
];
const kinds = Object.keys(INPUTS) as (keyof typeof INPUTS)[];

it.each(kinds)('gives everybody the kit of a publication: %s', async (kind) => {
  const kit = await kitOf((await publishNew(hub, kind)).id);
  expect(kit).toMatchObject({ revision: 1, language: 'fr-FR', outdated: false });
  expect(kit.segments).toBeGreaterThan(0);
  expect(kit.panel.pages.length).toBeGreaterThan(0);
  for (const form of formsOf(kit)) expect(form).not.toBe('');
  expect(kit.roadPanel !== null).toBe(kind === 'Closure');
  expect(kit.spoken).toContain('Nous répétons.');
});

it.each(kinds)('says in every form that it was withdrawn: %s', async (kind) => {
  const { id, version } = await publishNew(hub, kind);
  await hub
    .as('validator')
    .request(
      'mutation ($id: ID!, $version: Int!) { cancelPublication(id: $id, version: $version, reason: "Erreur.") { publication { id } } }',
      { id, version },
    );
  for (const form of formsOf(await kitOf(id))) expect(form).toMatch(/annul|retir/i);
});

it.each(kinds)('says in every form that it is an exercise: %s', async (kind) => {
  const input = INPUTS[kind]() as { texts: { headline: string }[] };
  const texts = input.texts.map((text) => ({ ...text, headline: `EXERCICE : ${text.headline}` }));
  const { id } = await publishNew(hub, kind, { ...input, mode: 'EXERCISE', texts });
  for (const form of formsOf(await kitOf(id))) expect(form).toMatch(/^exercice/i);
});

it('has the text of the post for SMS', async () => {
  const { id } = await publishNew(hub);
  const { short, segments } = await kitOf(id);
  const { socialPosts } = await hub.as().request<{
    socialPosts: { nodes: { text: string; segments: number; publication: { id: string } }[] };
  }>('{ socialPosts(network: SMS, first: 100) { nodes { text segments publication { id } } } }');
  expect(socialPosts.nodes).toContainEqual({ text: short, segments, publication: { id } });
});

it('answers in the language asked for, and keeps panels and voices French', async () => {
  const [french] = (alertInput() as { texts: object[] }).texts;
  const english = { ...french, language: 'en-GB', headline: 'Flood', description: 'Flood.', instruction: 'Keep away.' };
  const { id } = await publishNew(hub, 'Alert', alertInput({ texts: [french, english] }));
  const [told, kit] = [await kitOf(id), await kitOf(id, { languages: ['en-GB'] })];
  expect(kit.language).toBe('en-GB');
  expect(kit.body).toContain('Keep away.');
  expect([kit.panel, kit.spoken]).toEqual([told.panel, told.spoken]);
});

it('refuses a panel that there is not, and names the argument', async () => {
  const { id } = await publishNew(hub);
  const asked = (sizes: object) => refusal(kitOf(id, sizes));
  expect(await asked({ lines: 0 })).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'lines' }] });
  expect(await asked({ lines: 13, columns: 41 })).toMatchObject({
    code: 'INVALID_INPUT',
    fields: [{ path: 'lines' }, { path: 'columns' }],
  });
});
