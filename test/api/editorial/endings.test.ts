import { afterAll, expect, it } from 'vitest';
import { parisTime, SetClock } from '../../../src/clock.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, closureInput, publishNew, type Written } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

/** How a publication ended, and what an app can print of it, stands in the API. */
const { url } = await testDatabase();
const clock = new SetClock(new Date());
const hub = await startHub({ url, clock });
afterAll(() => hub.close());

const MINUTE = 60_000;
const inMinutes = (minutes: number): string => parisTime(new Date(clock.now().getTime() + minutes * MINUTE));
const pass = (minutes: number): void => clock.set(new Date(clock.now().getTime() + minutes * MINUTE));

interface Shown {
  state: string;
  endsAt: string | null;
  text: { headline: string };
  ending: {
    kind: string;
    at: string;
    reason: string | null;
    fr: { headline: string } | null;
    en: { headline: string } | null;
  } | null;
}
const ENDING = `state endsAt text { headline } ending { kind at reason
  fr: text { headline } en: text(languages: ["en-GB"]) { headline } }`;
const shown = async (id: string): Promise<Shown> =>
  (await hub.as().request<{ publication: Shown }>(`query ($id: ID!) { publication(id: $id) { ${ENDING} } }`, { id }))
    .publication;
const lastChange = async (id: string, ...languages: string[]) => {
  const { dossier } = await hub
    .as('validator')
    .request<{ dossier: { publication: { id: string } } }>(
      'query ($id: ID!) { dossier(id: $id) { publication { id } } }',
      { id },
    );
  const { changes } = await hub.as().request<{ changes: { nodes: Told[] } }>(
    `query ($after: Cursor!, $languages: [LanguageTag!]!) { changes(after: $after, first: 500, where: { modes: [ACTUAL, EXERCISE] }) {
       nodes { type ring publication { id } text(languages: $languages) { language headline description instruction } } } }`,
    { after: begun, languages },
  );
  return changes.nodes.filter(({ publication }) => publication.id === dossier.publication.id).at(-1);
};
interface Told {
  type: string;
  ring: boolean;
  publication: { id: string };
  text: { language: string; headline: string; description: string; instruction: string | null };
}
const begun = (
  await hub.as().request<{ situation: { asOf: string } }>('{ situation(place: { commune: "91345" }) { asOf } }')
).situation.asOf;

const version = async (id: string): Promise<number> =>
  (await hub.as('validator').request<{ dossier: Written }>('query ($id: ID!) { dossier(id: $id) { version } }', { id }))
    .dossier.version;
const cancel = async (id: string, reason: string): Promise<unknown> =>
  hub
    .as('validator')
    .request(
      'mutation ($id: ID!, $version: Int!, $reason: String!) { cancelPublication(id: $id, version: $version, reason: $reason) { publication { id } } }',
      { id, version: await version(id), reason },
    );
const allClear = async (id: string, texts: object[]): Promise<unknown> =>
  hub
    .as('validator')
    .request(
      'mutation ($id: ID!, $version: Int!, $texts: [PublicationTextInput!]!) { giveAllClear(id: $id, version: $version, texts: $texts) { publication { id } } }',
      { id, version: await version(id), texts },
    );

it('holds no ending while it holds, and ends when it was announced to', async () => {
  const { id } = await publishNew(hub);
  const before = await shown(id);
  expect(before).toMatchObject({ state: 'IN_FORCE', ending: null });
  expect(before.endsAt).not.toBeNull();
});

it('was withdrawn, with the reason, and ended then', async () => {
  const { id } = await publishNew(hub);
  const { text } = await shown(id);
  await cancel(id, 'Fausse mesure du capteur');
  const at = inMinutes(0);
  const after = await shown(id);
  expect(after).toMatchObject({
    state: 'CANCELLED',
    ending: { kind: 'CANCELLED', at: expect.any(String), reason: 'Fausse mesure du capteur', fr: null, en: null },
  });
  expect([after.endsAt, after.ending?.at]).toEqual([at, at]);
  expect(await lastChange(id)).toMatchObject({
    type: 'CANCELLED',
    ring: true,
    text: { headline: `Annulé : ${text.headline}`, description: 'Fausse mesure du capteur', instruction: null },
  });
});

it('is over by the all clear, with its words, in the language asked for', async () => {
  const { id } = await publishNew(hub);
  await allClear(id, [
    { language: 'fr-FR', headline: 'Fin de la crue', description: 'L’eau s’est retirée.' },
    { language: 'en-GB', headline: 'The flood is over', description: 'The water has gone.' },
  ]);
  const at = inMinutes(0);
  const after = await shown(id);
  expect(after).toMatchObject({
    state: 'ENDED',
    endsAt: at,
    ending: {
      kind: 'ALL_CLEAR',
      at,
      reason: null,
      fr: { headline: 'Fin de la crue' },
      en: { headline: 'The flood is over' },
    },
  });
  expect(await lastChange(id)).toMatchObject({ type: 'ALL_CLEAR', ring: true, text: { headline: 'Fin de la crue' } });
  expect(await lastChange(id, 'en-US')).toMatchObject({ text: { language: 'en-GB', headline: 'The flood is over' } });
});

it('says of an exercise that was withdrawn that it was one', async () => {
  const { id } = await publishNew(
    hub,
    'Alert',
    alertInput({
      mode: 'EXERCISE',
      texts: [{ language: 'fr-FR', headline: 'EXERCICE Crue à Massy', description: 'Exercice.', instruction: 'Rien.' }],
    }),
  );
  await cancel(id, 'Fin de l’exercice');
  expect((await lastChange(id))?.text.headline).toMatch(/^EXERCICE Annulé : EXERCICE Crue à Massy$/);
});

it('expired, at the end that was announced', async () => {
  const { id } = await publishNew(hub, 'Alert', alertInput({ endsAt: inMinutes(90) }));
  const { endsAt } = await shown(id);
  pass(91);
  expect(await shown(id)).toMatchObject({
    state: 'ENDED',
    endsAt,
    ending: { kind: 'EXPIRED', at: endsAt, reason: null, fr: null },
  });
});

it('lets traffic pass a road before and after its closure, and when it was seen open', async () => {
  const { id } = await publishNew(
    hub,
    'Closure',
    closureInput({ restriction: 'CLOSED', startsAt: inMinutes(30), endsAt: inMinutes(300) }),
  );
  const passable = async () =>
    (
      await hub
        .as()
        .request<{ publication: { passable: boolean } }>(
          'query ($id: ID!) { publication(id: $id) { ... on ClosurePublication { passable } } }',
          { id },
        )
    ).publication.passable;
  const observe = (state: string) =>
    hub
      .as('editor')
      .request(
        'mutation ($id: ID!, $state: ObservedState!, $at: DateTime!) { observeClosure(id: $id, state: $state, observedAt: $at) { publication { id } } }',
        { id, state, at: inMinutes(0) },
      );
  expect(await passable()).toBe(true);
  pass(31);
  expect(await passable()).toBe(false);
  await observe('NOT_STARTED');
  expect(await passable()).toBe(true);
  pass(1);
  await observe('IN_PLACE');
  expect(await passable()).toBe(false);
  pass(1);
  await observe('REOPENED');
  expect(await passable()).toBe(true);
  expect(await lastChange(id)).toMatchObject({
    type: 'OBSERVED',
    text: { headline: expect.stringMatching(/rouvert/) },
  });
  pass(1);
  await observe('IN_PLACE');
  await cancel(id, 'Travaux reportés');
  expect(await passable()).toBe(true);
});
