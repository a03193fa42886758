import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { withSession } from '../support/cluster.ts';
import { testDatabase } from '../support/database.ts';
import { alertInput } from '../support/desk.ts';
import { temporaryFolder } from '../support/embedded.ts';
import { addressOf, startHubProcess } from '../support/started-hub.ts';

/** How often a hub is told to end while people write and follow; TEST_DRAINS=100 for a long run. */
const ROUNDS = Number(process.env.TEST_DRAINS ?? 3);
const WRITERS = 6;
const FOLLOWERS = 10;

const { url: databaseUrl } = await testDatabase();
const ENVIRONMENT = {
  PORT: '0',
  DATABASE_URL: databaseUrl,
  TOCSIN_DEMO: 'false',
  TOCSIN_DRAIN_SECONDS: '1',
  TOCSIN_LOG_LEVEL: 'warn',
};

/** Refused: by 503, or by no connection, or one that ended before the request was read. */
type Answer = { id: string } | 'refused';

/** Sends a draft with its key, and tells what became of it. Throws for every answer that a writer could not act on. */
async function write(url: string, token: string, key: string): Promise<Answer> {
  const body = JSON.stringify({
    query: 'mutation ($input: AlertInput!) { draftAlert(input: $input) { id } }',
    variables: { input: alertInput({ expiresAt: '2090-01-01T00:00:00Z' }) },
  });
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${token}`,
    'idempotency-key': key,
  };
  const answer = await fetch(`${url}/graphql`, { method: 'POST', headers, body }).catch((error) => error);
  if (answer instanceof Error) return 'refused';
  const { data, errors } = (await answer.json()) as { data?: { draftAlert: { id: string } }; errors?: object[] };
  if (data?.draftAlert) return data.draftAlert;
  if (answer.status === 503) return 'refused';
  throw new Error(`${answer.status}: ${JSON.stringify(errors)}`);
}

async function follow(url: string): Promise<{ ended: Promise<number> }> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  onTestFinished(() => socket.terminate());
  const ended = once(socket, 'close').then(([code]) => Number(code));
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await once(socket, 'message');
  const query = 'subscription { changes { cursor } }';
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
  await once(socket, 'message');
  return { ended };
}

const listen = async (url: string): Promise<Promise<string>> =>
  (await fetch(`${url}/graphql/stream?query=${encodeURIComponent('subscription { changes { cursor } }')}`)).text();

it(`ends ${ROUNDS} times under load with exit code 0; no mutation fails, and each has its effect once`, async () => {
  const dataDir = await temporaryFolder();
  const written = new Map<string, string>();
  let pending: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const hub = startHubProcess({ env: { ...ENVIRONMENT, TOCSIN_DATA_DIR: dataDir } });
    const url = await addressOf(hub);
    const token: string = JSON.parse(await readFile(path.join(dataDir, 'dev-tokens.json'), 'utf8')).editor;
    const followers = await Promise.all(Array.from({ length: FOLLOWERS }, () => follow(url)));
    const stream = listen(url);
    const left: string[] = [];
    let answers = 0;
    let ending = false;
    const enough = Math.floor(Math.random() * 40);
    const writer = async (again: string | undefined) => {
      for (let key = again ?? randomUUID(); ; key = randomUUID()) {
        const answer = await write(url, token, key);
        if (answer === 'refused') {
          expect(ending, `refused before the end: ${hub.printed()}`).toBe(true);
          left.push(key);
          return;
        }
        written.set(key, answer.id);
        if (++answers > enough && !ending) {
          ending = true;
          hub.process.kill('SIGTERM');
        }
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, (_, at) => writer(pending[at])));
    expect(await hub.ended, hub.printed()).toBe(0);
    expect(new Set(await Promise.all(followers.map(({ ended }) => ended)))).toEqual(new Set([1012]));
    expect((await stream).match(/^retry: \d+$/gm)).toHaveLength(2);
    pending = left;
  }
  const rows = await withSession(databaseUrl, async (session) => (await session.query('select id from dossier')).rows);
  // Nothing was done whose writer was not told.
  expect(rows.map(({ id }) => id).sort()).toEqual([...written.values()].sort());
  expect(pending).toHaveLength(WRITERS);
}, 600_000);
