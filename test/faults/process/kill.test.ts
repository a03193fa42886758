import { expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { temporaryFolder } from '../../support/database/embedded.ts';
import { editorOf, Writers } from '../../support/desk/writers.ts';
import { Follower } from '../../support/following/follower.ts';
import { addressOf, startHubProcess } from '../../support/hub/started-hub.ts';

/** How often a hub is killed while people write and follow; TEST_KILLS=500 for a long run. */
const ROUNDS = Number(process.env.TEST_KILLS ?? 3);
const WRITERS = 6;

const { url: databaseUrl } = await testDatabase();

it(`is killed ${ROUNDS} times in the midst of writing; nothing is lost, nothing comes twice, all in order`, async () => {
  const dataDir = await temporaryFolder();
  const writers = new Writers(databaseUrl, editorOf(dataDir));
  await writers.prepare(WRITERS);
  let port = '0';
  const start = () =>
    startHubProcess({
      env: { PORT: port, DATABASE_URL: databaseUrl, TOCSIN_DATA_DIR: dataDir, TOCSIN_DEMO: 'false' },
    });
  let hub = start();
  const url = await addressOf(hub);
  port = new URL(url).port;
  const follower = new Follower(url);
  await follower.ready();
  const from = follower.cursor;
  for (let round = 0; round < ROUNDS; round++) {
    const enough = 1 + Math.floor(Math.random() * 40);
    await writers.write({ url, enough, end: () => hub.process.kill('SIGKILL') });
    await hub.ended;
    hub = start();
    await addressOf(hub);
  }
  await writers.settle(url);
  const journal = await writers.inJournal();
  expect([...journal].sort()).toEqual([...writers.told].sort());

  await follower.until(({ heard }) => heard.length >= journal.length);
  const told = await changesAfter(url, from);
  expect(told.map(({ publication }) => publication.observed.note)).toEqual(journal);
  expect(follower.heard.map(({ cursor }) => cursor)).toEqual(told.map(({ cursor }) => cursor));
  expect(follower.errors).toEqual([]);
  await follower.stop();
  hub.process.kill('SIGTERM');
  expect(await hub.ended).toBe(0);
}, 900_000);

interface Told {
  cursor: string;
  publication: { observed: { note: string } };
}

async function changesAfter(url: string, after: string | null): Promise<Told[]> {
  const query = `query ($after: Cursor) { changes(after: $after, first: 500) { hasNextPage endCursor
    nodes { cursor publication { ... on ClosurePublication { observed { note } } } } } }`;
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { after } }),
  });
  const { nodes, hasNextPage, endCursor } = (await answer.json()).data.changes;
  return hasNextPage ? [...nodes, ...(await changesAfter(url, endCursor))] : nodes;
}
