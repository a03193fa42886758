import { createHash } from 'node:crypto';
import { getMetadataStorage } from 'type-graphql';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { RawSocket } from '../../support/following/raw-socket.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';

/** Nothing is deprecated today: this hub is one whose schema marks a field, an argument, and a field of an input. */
const storage = getMetadataStorage();
const mark = (found: { deprecationReason?: string } | undefined) => {
  if (!found) throw new Error('the schema has no such element');
  found.deprecationReason = 'use another';
};
mark(storage.fields.find(({ schemaName, target }) => schemaName === 'position' && target.name === 'SituationType'));
mark(storage.fields.find(({ schemaName, target }) => schemaName === 'cursor' && target.name === 'Change'));
mark(
  storage.fields.find(
    ({ schemaName, target }) => schemaName === 'severityAtLeast' && target.name === 'PublicationFilter',
  ),
);
mark(storage.queries.find(({ schemaName }) => schemaName === 'viewer'));

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

/** The counters of `/metrics`, by coordinate. */
async function counted(): Promise<Record<string, number>> {
  const text = await (await fetch(`${hub.url}/metrics`)).text();
  const lines = text.matchAll(/^tocsin_deprecated_uses_total\{coordinate="([^"]+)"\} (\d+)$/gm);
  return Object.fromEntries([...lines].map(([, coordinate = '', count]) => [coordinate, Number(count)]));
}
/** By how much each counter grew while something was done; those that did not are left out. */
async function grown(work: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await counted();
  await work();
  const after = Object.entries(await counted()).map(([name, count]) => [name, count - (before[name] ?? 0)] as const);
  return Object.fromEntries(after.filter(([, more]) => more !== 0));
}

const SITUATION = '{ situation(place: { commune: "91345" }) { position asOf } }';
const LISTED = 'query ($where: PublicationFilter) { publications(where: $where) { totalCount } }';
const CHANGES = 'subscription { changes { cursor } }';
const post = async (body: object, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  expect([answer.status, await answer.json()]).toEqual([200, { data: expect.anything() }]);
};
const get = async (parameters: Record<string, string>, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${hub.url}/graphql?${new URLSearchParams(parameters)}`, { headers });
  await answer.arrayBuffer();
  return answer;
};
const times = async (count: number, work: () => Promise<unknown>) => {
  for (let time = 0; time < count; time += 1) await work();
};
const editor = { authorization: `Bearer ${tokens.editor}` };

describe('/metrics counts what is deprecated, by coordinate (S-8)', () => {
  it('with 0 from the start, so that its absence is seen', async () => {
    expect(await counted()).toEqual({
      'Query.viewer': 0,
      'Situation.position': 0,
      'PublicationChange.cursor': 0,
      'PublicationFilter.severityAtLeast': 0,
    });
  });

  it('for an answer that is worked out and for each that is kept, by bytes and by meaning', async () => {
    expect(await grown(() => times(5, () => post({ query: SITUATION })))).toEqual({ 'Situation.position': 5 });
    expect(await grown(() => post({ variables: {}, query: SITUATION }))).toEqual({ 'Situation.position': 1 });
  });

  it('for an answer of 304', async () => {
    const etag = (await get({ query: SITUATION })).headers.get('etag') ?? '';
    const unchanged = () => get({ query: SITUATION }, { 'if-none-match': etag });
    expect(await grown(async () => expect((await unchanged()).status).toBe(304))).toEqual({ 'Situation.position': 1 });
  });

  it('for a query that is persisted, each time that its hash is sent', async () => {
    const query = `query Persisted ${SITUATION}`;
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    const extensions = JSON.stringify({ persistedQuery: { version: 1, sha256Hash } });
    expect(await grown(() => get({ query, extensions }))).toEqual({ 'Situation.position': 1 });
    expect(await grown(() => times(3, () => get({ extensions })))).toEqual({ 'Situation.position': 3 });
  });

  it('in variables, when the same document passed before and when the answer is kept', async () => {
    const grave = { query: LISTED, variables: { where: { severityAtLeast: 'SEVERE' } } };
    const used = { 'PublicationFilter.severityAtLeast': 1 };
    for (let time = 0; time < 3; time += 1) expect(await grown(() => post(grave))).toEqual(used);
    expect(await grown(() => post({ query: LISTED, variables: { where: { severityAtLeast: 'MINOR' } } }))).toEqual(
      used,
    );
    expect(await grown(() => post({ query: LISTED, variables: {} }))).toEqual({});
  });

  it('for a client with a token, whose answer nobody keeps', async () => {
    expect(await grown(() => times(2, () => post({ query: '{ viewer { id } }' }, editor)))).toEqual({
      'Query.viewer': 2,
    });
  });

  it('for a WebSocket: a query, and a subscription once, however many changes come', async () => {
    const socket = await new RawSocket(hub.url).init();
    onTestFinished(() => socket.end());
    const ask = async (id: string, query: string) => {
      await socket.subscribe(id, query);
      await socket.until(() => socket.of(id).length > 0);
    };
    expect(await grown(() => ask('1', SITUATION))).toEqual({ 'Situation.position': 1 });
    expect(await grown(() => ask('2', CHANGES))).toEqual({ 'PublicationChange.cursor': 1 });
  });

  it('for a stream of events', async () => {
    const open = async () => {
      const abort = new AbortController();
      const path = `${hub.url}/graphql/stream?${new URLSearchParams({ query: CHANGES })}`;
      const answer = await fetch(path, { signal: abort.signal, headers: { accept: 'text/event-stream' } });
      expect(answer.status).toBe(200);
      abort.abort();
    };
    expect(await grown(open)).toEqual({ 'PublicationChange.cursor': 1 });
  });

  it('not for what is refused before it runs, nor for a document that uses nothing of it', async () => {
    expect(await grown(() => get({ query: '{ viewer { nothing } }' }))).toEqual({});
    expect(await grown(() => get({ query: '{ hazards { code } }' }))).toEqual({});
  });
});
