import { afterAll, describe, expect, it } from 'vitest';
import { type EmbeddedDatabase, startEmbedded } from '../../../src/development/embedded/embedded.ts';
import { openFolder } from '../../support/database/embedded.ts';
import { publishNew } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

/** A root field that fails empties itself alone: what an app asked for beside it is answered. */
const database: EmbeddedDatabase = await startEmbedded({ dataDir: await openFolder(), durable: false });
const hub = await startHub({ url: database.url });
const { id } = await publishNew(hub);
afterAll(async () => {
  await hub.close();
  await database.stop();
});

interface Answer {
  data: Record<string, unknown> | null;
  errors?: { path: string[]; extensions: { code: string } }[];
}
const LIVE = 'situation(place: { commune: "91345" }) { alerts { id } }';
const ask = async (fields: string): Promise<Answer> =>
  (await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: `{ ${LIVE} ${fields} }` }),
  }).then((answer) => answer.json())) as Answer;

const failsAlone = async (fields: string, name: string, code: string) => {
  const { data, errors } = await ask(fields);
  expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([[[name], code]]);
  expect(data).toEqual({ situation: { alerts: [{ id }] }, [name]: null });
};

describe('a root field that fails empties itself alone', () => {
  it.each([
    ['changes', 'changes(after: "too-old") { endCursor }', 'RESYNC_REQUIRED'],
    ['dossiers', 'dossiers { pageInfo { hasNextPage } }', 'UNAUTHENTICATED'],
    ['reports', 'reports { pageInfo { hasNextPage } }', 'UNAUTHENTICATED'],
    ['webhooks', 'webhooks { nodes { id } }', 'UNAUTHENTICATED'],
    ['watchers', 'watchers { nodes { id } }', 'UNAUTHENTICATED'],
    ['publications', 'publications(where: { communes: ["00000"] }) { totalCount }', 'INVALID_INPUT'],
    ['alerts', 'alerts(first: 1000) { totalCount }', 'INVALID_INPUT'],
    ['communes', 'communes(first: -1) { nodes { code } }', 'INVALID_INPUT'],
    ['socialPosts', 'socialPosts(network: X, first: 0) { nodes { text } }', 'INVALID_INPUT'],
  ])('%s', async (name, fields, code) => {
    await failsAlone(fields, name, code);
  });

  it('the past, while the database is away', async () => {
    await database.stop();
    await failsAlone('publications(where: { states: [ENDED] }) { totalCount }', 'publications', 'UNAVAILABLE');
  });
});
