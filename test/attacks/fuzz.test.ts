import { once } from 'node:events';
import { Writable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { testDatabase } from '../support/database/database.ts';
import { Asking } from '../support/desk/asking.ts';
import { publishNew } from '../support/desk/desk.ts';
import { type Fuzzed, fuzzed } from '../support/generated/fuzzed.ts';
import { startHub, tokens } from '../support/hub/hub.ts';
import { tell } from '../support/tell.ts';

/** `npm run fuzz -- --seed 7 --count 50000`; a short run with every `npm test`. */
const COUNT = Number(process.env.FUZZ_COUNT ?? 1_000);
const SEED = Number(process.env.FUZZ_SEED ?? 20_160_602);
/** Inputs of one step, after which memory is looked at. */
const STEP = Math.max(250, Math.ceil(COUNT / 20));
/**
 * From which step on live memory may not grow by more than so much. Of a long run it is the middle: before, what the hub keeps within
 * bounds (documents, refusals, answers, buckets of clients) fills up, which takes some 45,000 inputs.
 */
const LONG_RUN = 20_000;
const GROWTH_BYTES = 64 * 1024 * 1024;

const { url } = await testDatabase();
const SECRETS = [...Object.values(tokens), url, new URL(url).password, 'PRIVATE KEY', 'node_modules', '    at '].filter(
  (text) => text.length > 3,
);
const secretIn = (text: string) => SECRETS.find((secret) => text.includes(secret));

/** The last line of the log, and each that holds a secret: all of them would be more memory than a hub may keep. */
const logged = { last: '', secrets: [] as string[] };
const logger = pino(
  { level: 'info' },
  new Writable({
    write: (written, _encoding, done) => {
      logged.last = String(written);
      if (secretIn(logged.last.replaceAll(/"stack":"[^"]*"/g, '')) !== undefined) logged.secrets.push(logged.last);
      done();
    },
  }),
);
const hub = await startHub({ url, logger });
const asking = new Asking(hub.url);
afterAll(() => {
  asking.end();
  return hub.close();
});
const { id } = await publishNew(hub);

const DOCUMENTS = [
  'query ($after: PageCursor, $search: String, $first: Int = 20) { communes(search: $search, first: $first, after: $after) { totalCount edges { cursor node { name } } } }',
  'query ($after: PageCursor) { publications(where: { states: [ENDED, IN_FORCE] }, after: $after) { nodes { id text { headline } } } }',
  'query ($after: Cursor) { changes(after: $after) { endCursor nodes { type } } }',
  'query ($id: ID = "1") { publication(id: $id) { id ... on Alert { severity areas { description } } } }',
  '{ situation(place: { commune: "91345" }) { asOf alerts { id text { ...F } } } } fragment F on Text { headline }',
  'subscription ($after: Cursor) { changes(after: $after) { cursor type publication { id } } }',
  '{ dossiers { nodes { id } } reports { nodes { id text } } }',
  `{ publication(id: "${id}") { id __typename } __schema { queryType { name } } }`,
  'mutation ($id: ID = "1") { submitDossier(id: $id, version: 1) { dossier { id } } }',
];
/** What a hub that is well does not say: an unexpected error, or a secret. Undefined for an answer as it should be. */
function faultOf(status: number, text: string): string | undefined {
  if (status >= 500) return `status ${status}: ${text}`;
  if (text.includes('"INTERNAL"')) return text;
  const secret = secretIn(text);
  return secret && `a secret, ${secret}`;
}

async function tried(input: Fuzzed, asEditor: boolean): Promise<string | undefined> {
  if (input.door === 'frames') return triedFrames(input.messages);
  const authorization: Record<string, string> = asEditor ? { authorization: `Bearer ${tokens.editor}` } : {};
  const all = { ...input.headers, ...authorization, connection: 'close' };
  if (input.door === 'get' && input.path.startsWith('/graphql/stream')) return triedStream(input.path, all);
  const { status, headers, body } = await (input.door === 'post'
    ? asking.post(input.body, all)
    : asking.at(input.path, all));
  const isText = !/^(?:image|font)/.test(String(headers['content-type'])) && headers['content-encoding'] === undefined;
  // The explorer holds programs of others, whose words look like anything.
  const isExplorer = isText && String(headers['content-security-policy']).includes('sandbox');
  return faultOf(status, JSON.stringify(headers) + (isText && !isExplorer ? String(body) : ''));
}

/** The head of a stream, and its first piece. */
async function triedStream(path: string, headers: Record<string, string>): Promise<string | undefined> {
  const { host: _, connection: __, ...rest } = headers;
  const leave = new AbortController();
  const answer = await fetch(hub.url + path, { headers: rest, signal: leave.signal });
  const first = await answer.body?.getReader().read();
  leave.abort();
  return faultOf(answer.status, Buffer.from(first?.value ?? []).toString());
}

async function triedFrames(messages: readonly (string | Uint8Array)[]): Promise<string | undefined> {
  const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  let heard = '';
  socket.on('message', (data) => (heard += String(data)));
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  for (const message of messages) socket.send(message);
  // Whatever came before is answered before the close frame is.
  socket.close(1000);
  const [code, reason] = await closed;
  return code === 1011 || code === 4500 ? `closed with ${code}` : faultOf(200, `${heard}${reason}`);
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
function liveBytes(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

it(`${COUNT} inputs that nobody means crash nothing, leak nothing and keep no memory (seed ${SEED})`, {
  timeout: 24 * 3_600_000,
}, async () => {
  // Seen: against the hub of that day (an Idempotency-Key with an operationName of nothing was INTERNAL).
  const memory: number[] = [];
  for (let done = 0; done < COUNT; done += STEP) {
    const numRuns = Math.min(STEP, COUNT - done);
    const inputs = fc.sample(fuzzed(DOCUMENTS), { numRuns, seed: SEED + done });
    for (const [index, input] of inputs.entries()) {
      const fault = await tried(input, index % 3 === 0);
      expect(fault, `seed ${SEED + done}, number ${index}: ${JSON.stringify(input)}\n${logged.last}`).toBeUndefined();
    }
    memory.push(liveBytes());
  }
  expect(logged.last).not.toBe('');
  expect(logged.secrets).toEqual([]);
  const from = COUNT > LONG_RUN ? Math.ceil(memory.length / 2) : 2;
  const growth = (memory.at(-1) ?? 0) - (memory[from - 1] ?? memory[0] ?? 0);
  const steps = memory.map((bytes) => bytes >> 20).join(' ');
  tell(
    `${COUNT} inputs; live memory ${Math.round(growth / 1024)} KiB more at the end than after step ${from}; in MiB: ${steps}`,
  );
  expect(growth).toBeLessThan(GROWTH_BYTES);
  expect((await fetch(`${hub.url}/readyz`)).status).toBe(200);
});
