import { EventSource } from 'eventsource';
import { createClient } from 'graphql-sse';
import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { publishNew } from '../../support/desk/desk.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

const QUERY = 'subscription ($after: Cursor) { changes(after: $after) { cursor type publication { id } } }';
const WHERE = 'subscription ($where: ChangeFilter) { changes(where: $where) { type } }';
interface Told {
  data: { changes: { cursor: string; type: string; publication: { id: string } | null } };
}

async function collect<T>(results: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const result of results) all.push(result);
  return all;
}

/** Opens a browser's EventSource over the stream; `heard` grows with each change, checkpoints apart. */
function open(lastEventId?: string, query = QUERY) {
  const heard: string[] = [];
  const ids: string[] = [];
  const source = new EventSource(`${hub.url}/graphql/stream?query=${encodeURIComponent(query)}`, {
    fetch: (address, init) =>
      fetch(address, {
        ...init,
        headers: { ...init.headers, ...(lastEventId ? { 'last-event-id': lastEventId } : {}) },
      }),
  });
  source.addEventListener('next', ({ data, lastEventId }) => {
    const { changes } = (JSON.parse(data) as Told).data;
    ids.push(lastEventId);
    if (changes.publication) heard.push(changes.publication.id);
  });
  return { source, heard, ids };
}

describe('the event stream', () => {
  it('tells an EventSource each change once, and Last-Event-ID goes on from there (D-9)', async () => {
    const first = open();
    await expect.poll(() => first.ids.length).toBe(1);
    const one = await publishNew(hub);
    await expect.poll(() => first.heard).toEqual([one.id]);
    first.source.close();
    const two = await publishNew(hub, 'Event');
    const three = await publishNew(hub, 'Closure');
    const again = open(first.ids.at(-1));
    await expect.poll(() => again.heard).toEqual([two.id, three.id]);
    const four = await publishNew(hub);
    await expect.poll(() => again.heard).toEqual([two.id, three.id, four.id]);
    again.source.close();
  });

  it.each([
    ['names no cursor', () => 'subscription { changes { type publication { id } } }'],
    [
      'names the one to begin at',
      (at: string) => `subscription { changes(after: "${at}") { type publication { id } } }`,
    ],
  ])('goes on behind Last-Event-ID where the document %s', async (_what, queryAt) => {
    const first = open();
    await expect.poll(() => first.ids.length).toBe(1);
    const at = first.ids[0] ?? '';
    await publishNew(hub);
    await expect.poll(() => first.heard.length).toBe(1);
    first.source.close();
    const missed = await publishNew(hub);
    const again = open(first.ids.at(-1), queryAt(at));
    await expect.poll(() => again.heard).toEqual([missed.id]);
    again.source.close();
  });

  it('gives every event its cursor as id, even where the reader did not select it', async () => {
    const answer = await fetch(`${hub.url}/graphql/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: 'subscription { changes { type } }' }),
    });
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('data:')) text += (await reader?.read())?.value ?? '';
    expect(text).toMatch(/^retry: \d+$/m);
    expect(text).toMatch(/event: next\nid: [\w-]+\ndata: \{"data":\{"changes":\{"type":"CHECKPOINT"\}\}\}\n\n/);
    await reader?.cancel();
  });

  it('speaks with the client of graphql-sse', async () => {
    const client = createClient({ url: `${hub.url}/graphql/stream` });
    const changes = client.iterate<Told['data']>({ query: QUERY });
    expect((await changes.next()).value?.data?.changes.type).toBe('CHECKPOINT');
    const { id } = await publishNew(hub);
    expect((await changes.next()).value?.data?.changes.publication).toEqual({ id });
    await changes.return?.();
    client.dispose();
  });

  const WRONG = [
    ['a syntax error', { query: 'subscription {' }, 400, 'BAD_REQUEST'],
    ['a query', { query: '{ viewer { id } }' }, 400, 'INVALID_INPUT'],
    ['a bad cursor', { query: QUERY, variables: { after: 'garbage' } }, 410, 'RESYNC_REQUIRED'],
    ['a cursor that is no text', { query: QUERY, variables: { after: 5 } }, 400, 'BAD_REQUEST'],
    ['a field that no filter has', { query: WHERE, variables: { where: { nope: 1 } } }, 400, 'BAD_REQUEST'],
    ['a filter that is none', { query: WHERE, variables: { where: 5 } }, 400, 'BAD_REQUEST'],
    ['a severity that is none', { query: WHERE, variables: { where: { severityAtLeast: 'X' } } }, 400, 'BAD_REQUEST'],
    ['an unknown commune', { query: WHERE, variables: { where: { communes: ['00000'] } } }, 400, 'INVALID_INPUT'],
    ['an operation that is not there', { query: QUERY, operationName: 'Other' }, 400, 'INVALID_INPUT'],
    ['the desk without a token', { query: 'subscription { deskChanges { at } }' }, 401, 'UNAUTHENTICATED'],
  ] as const;
  const post = (body: object, headers: Record<string, string> = {}) =>
    fetch(`${hub.url}/graphql/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  it.each([['no query', {}, 400, 'INVALID_INPUT'], ...WRONG] as const)(
    'answers %s in JSON, before any stream',
    async (_what, body, status, code) => {
      const answer = await post(body);
      const { errors } = (await answer.json()) as { errors: { extensions: { code: string } }[] };
      expect([answer.status, errors[0]?.extensions.code]).toEqual([status, code]);
    },
  );

  it.each(WRONG)('tells a client of GraphQL over SSE of %s within the stream', async (_what, body, _status, code) => {
    const answer = await post(body, { accept: 'text/event-stream' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    const [, data = '', end] = /data: (.*)\n\n(event: complete\ndata: \n\n)$/.exec(await answer.text()) ?? [];
    expect((JSON.parse(data) as { errors: { extensions: object }[] }).errors[0]?.extensions).toMatchObject({ code });
    expect(end).toBeDefined();
    const client = createClient({ url: `${hub.url}/graphql/stream`, retryAttempts: 0 });
    const only = await collect(client.iterate(body));
    client.dispose();
    expect(only).toHaveLength(1);
    expect(only[0]?.errors?.[0]?.extensions).toMatchObject({ code });
  });

  it.each(WRONG)('lets an EventSource that asks %s come back, once a minute at most', async (_what, body, _s, code) => {
    const search = new URLSearchParams(
      Object.entries(body).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
    );
    const answer = await fetch(`${hub.url}/graphql/stream?${search}`, { headers: { accept: 'text/event-stream' } });
    const text = await answer.text();
    expect([answer.status, text.includes(`"code":"${code}"`)]).toEqual([200, true]);
    expect(text).toMatch(code === 'RESYNC_REQUIRED' ? /^event: next\nid: \S+\n/ : /^retry: 60000\n\nevent: next\n/);
  });

  it.each([
    ['application/json'],
    ['application/graphql-response+json, application/json;q=0.9'],
    ['text/html'],
    ['text/event-stream;q=0, */*'],
    ['multipart/mixed'],
  ])('refuses a client that accepts %s and no event stream', async (accept) => {
    const answer = await post({ query: QUERY }, { accept });
    const { errors } = (await answer.json()) as { errors: { extensions: { code: string }; message: string }[] };
    expect([answer.status, errors[0]?.extensions.code]).toEqual([406, 'BAD_REQUEST']);
    expect(errors[0]?.message).toContain('text/event-stream');
  });

  it.each([['*/*'], ['text/*'], ['application/json, text/event-stream;q=0.5'], ['TEXT/EVENT-STREAM']])(
    'opens the stream for a client that accepts %s',
    async (accept) => {
      const answer = await post({ query: QUERY, operationName: '' }, { accept });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
      await answer.body?.cancel();
    },
  );

  it('lets staff follow the desk with their token', async () => {
    const answer = await fetch(`${hub.url}/graphql/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens.validator}` },
      body: JSON.stringify({ query: 'subscription { deskChanges { at dossier { stage } } }' }),
    });
    expect(answer.status).toBe(200);
    await answer.body?.cancel();
  });

  it('ends with the hub, telling when to come back', async () => {
    const other = await startHub({ url });
    const answer = await fetch(
      `${other.url}/graphql/stream?query=${encodeURIComponent('subscription { changes { type } }')}`,
    );
    const text = answer.text();
    await other.close();
    expect((await text).match(/retry: \d+/g)?.length).toBe(2);
  });
});
