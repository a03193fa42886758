import { afterAll, describe, expect, it } from 'vitest';
import { measure, NETWORKS } from '../../../src/channels/social/fitting/networks.ts';
import { SetClock } from '../../../src/clock.ts';
import { formatDateTime } from '../../../src/publications/content/date-time.ts';
import {
  answerBy,
  ask,
  doQuestions,
  groupNow,
  groupOf,
  type SeenGroup,
} from '../../support/crisis-cell/question-desk.ts';
import { testDatabase } from '../../support/database/database.ts';
import {
  adviceInput,
  alertInput,
  closureInput,
  publishNew,
  release,
  revise,
  type Written,
} from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const clock = new SetClock(new Date());
const hub = await startHub({ url, clock });
afterAll(() => hub.close());

const seen = ({ id, version }: SeenGroup) => ({ id, version });
const french = (headline: string) => ({ texts: [{ language: 'fr-FR', headline, description: 'Une description.' }] });

/** Ids of the groups whose answer is outdated, or is not. */
async function outdated(is: boolean): Promise<string[]> {
  const { found } = await hub
    .as('volunteer')
    .request<{ found: { nodes: { id: string }[]; totalCount: number } }>(
      'query ($is: Boolean!) { found: questionGroups(outdated: $is, first: 100) { nodes { id } totalCount } }',
      { is },
    );
  expect(found.totalCount).toBe(found.nodes.length);
  return found.nodes.map(({ id }) => id);
}

async function answered(publication: string): Promise<SeenGroup> {
  const group = await answerBy(hub, await groupOf(hub), publication);
  expect(group.outdated).toBe(false);
  expect(await outdated(true)).not.toContain(group.id);
  expect(await outdated(false)).toContain(group.id);
  return group;
}

async function isOutdated({ id }: SeenGroup): Promise<SeenGroup> {
  const group = await groupNow(hub, id);
  expect([group.state, group.outdated]).toEqual(['ANSWERED', true]);
  expect(await outdated(true)).toContain(id);
  expect(await outdated(false)).not.toContain(id);
  return group;
}

const cancel = ({ id, version }: Written) =>
  hub.as('validator').request(
    `mutation ($id: ID!, $version: Int!) {
       cancelPublication(id: $id, version: $version, reason: "Erreur de lieu") { dossier { id } } }`,
    { id, version },
  );

describe('a reply to paste (I-54)', () => {
  it('says what is public, who vouched for it when, and its link, without hashtags', async () => {
    const { id } = await publishNew(hub, 'Alert', alertInput(french('La D257 est coupée')));
    const { reply } = await answered(id);
    const { publication } = await hub
      .as()
      .request<{ publication: { verifiedAt: string } }>('query ($id: ID!) { publication(id: $id) { verifiedAt } }', {
        id,
      });
    expect(reply).toContain('La D257 est coupée');
    expect(reply).toContain(`Vérifié le ${formatDateTime('short', 'fr', publication.verifiedAt)}`);
    expect(reply).toContain(`/publications/${id}/r/1`);
    expect(reply).not.toContain('#');
  });

  it('keeps the limits of every network, however much there is to say', async () => {
    const words = 'Évitez les abords de l’Yvette et suivez les déviations mises en place par les agents. '.repeat(40);
    const texts = [{ language: 'fr-FR', headline: 'Ç'.repeat(140), description: words, instruction: words }];
    const group = await answered((await publishNew(hub, 'Alert', alertInput({ texts }))).id);
    const fields = NETWORKS.map((network) => `${network}: reply(network: ${network})`).join(' ');
    const { found } = await hub
      .as('volunteer')
      .request<{ found: Record<string, string> }>(`query ($id: ID!) { found: questionGroup(id: $id) { ${fields} } }`, {
        id: group.id,
      });
    for (const network of NETWORKS) {
      expect(measure(network, found[network] ?? '').fits, network).toBe(true);
      expect(found[network], network).toMatch(/V.rifi. le/);
    }
  });

  it('is in the language that is asked for', async () => {
    const english = { language: 'en-GB', headline: 'D257 closed', description: 'Closed.', basedOn: 1 };
    const texts = [...french('D257 fermée').texts, english];
    const { id } = await publishNew(hub, 'Advice', adviceInput({ texts })).catch(() =>
      publishNew(hub, 'Advice', adviceInput({ texts: [texts[0], { ...english, basedOn: undefined }] })),
    );
    const group = await answered(id);
    const { found } = await hub
      .as('volunteer')
      .request<{ found: { reply: string } }>(
        'query ($id: ID!) { found: questionGroup(id: $id) { reply(network: X, languages: ["en"]) } }',
        { id: group.id },
      );
    expect(found.reply).toMatch(/D257 closed[\s\S]*Verified on /);
  });
});

describe('an answer (I-54)', () => {
  it('is outdated by a revision that is news, and holds again once somebody looks', async () => {
    const first = await publishNew(hub, 'Advice', adviceInput(french('La D257 est coupée')));
    const group = await answered(first.id);
    const second = await release(hub, await revise(hub, 'Advice', first, adviceInput(french('La D257 est rouverte'))));
    const now = await isOutdated(group);
    expect(now.reply).toContain('La D257 est rouverte');
    const again = await answerBy(hub, now, first.id);
    expect(again).toMatchObject({ state: 'ANSWERED', outdated: false });
    await release(hub, await revise(hub, 'Advice', second, adviceInput(french('La D257 est rouverte !')), true));
    expect((await groupNow(hub, group.id)).outdated).toBe(false);
  });

  it('that was withdrawn says so, and gives no order', async () => {
    const written = await publishNew(hub, 'Alert', alertInput());
    const group = await answered(written.id);
    await cancel(written);
    const { reply } = await isOutdated(group);
    expect(reply).toMatch(/^Alerte annulée/);
    expect(reply).not.toContain('Vérifié le');
    expect(reply).toContain('Erreur de lieu');
  });

  it('opens its group again where somebody asks what it no longer answers; what was closed stays closed', async () => {
    const written = await publishNew(hub, 'Advice');
    const group = await answered(written.id);
    await cancel(written);
    const id = await ask(hub);
    const open = await doQuestions(hub, 'checker', 'addQuestions', { ...seen(group), reports: [id] });
    expect(open).toMatchObject({ state: 'OPEN', answer: null, reply: null, outdated: false, questionCount: 2 });
    expect(open.newest.map(({ state }) => state).sort()).toEqual(['ANSWERED', 'NEW']);
  });

  it('that the clock ended says so', async () => {
    const { id } = await publishNew(hub, 'Closure', closureInput());
    const group = await answered(id);
    expect(group.reply).toContain('Vérifié le');
    clock.set(new Date(Date.now() + 21 * 3_600_000));
    const { reply } = await isOutdated(group);
    expect(reply).toMatch(/^Terminé/);
    expect(reply).not.toContain('Vérifié le');
  });
});
