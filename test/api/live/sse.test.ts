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
interface Told {
  data: { changes: { cursor: string; type: string; publication: { id: string } | null } };
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

  it.each([
    ['no query', {}, 400, 'INVALID_INPUT'],
    ['a syntax error', { query: 'subscription {' }, 400, 'BAD_REQUEST'],
    ['a query', { query: '{ viewer { id } }' }, 400, 'INVALID_INPUT'],
    ['a bad cursor', { query: QUERY, variables: { after: 'garbage' } }, 410, 'RESYNC_REQUIRED'],
    ['the desk without a token', { query: 'subscription { deskChanges { at } }' }, 401, 'UNAUTHENTICATED'],
  ])('answers %s in JSON, before any stream', async (_what, body, status, code) => {
    const answer = await fetch(`${hub.url}/graphql/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const { errors } = (await answer.json()) as { errors: { extensions: { code: string } }[] };
    expect([answer.status, errors[0]?.extensions.code]).toEqual([status, code]);
  });

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
