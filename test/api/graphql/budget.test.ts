import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { BUDGETS } from '../../../src/graphql/cost/budget.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, publishNew } from '../../support/desk/desk.ts';
import { RawSocket } from '../../support/following/raw-socket.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

const times = (count: number, field: string) => Array.from({ length: count }, (_, at) => `a${at}: ${field}`).join(' ');
/** Within every limit of a document, and it costs little; its answer would have megabytes. */
const LARGE = `{ communes(first: 200) { nodes { ${'a'.repeat(20_000)}: code } } }`;
/** Some 70,000 fields. */
const MANY = `{ ${times(60, 'communes(first: 200) { nodes { code id name population approximate } }')} }`;

interface Answer {
  data?: unknown;
  errors?: { message: string; extensions: { code: string; limit?: { name: string; weight: number; most: number } } }[];
}

async function post(query: string, headers: Record<string, string> = {}): Promise<{ status: number; answer: Answer }> {
  const answer = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  return { status: answer.status, answer: (await answer.json()) as Answer };
}

const expectLimit = ({ data, errors }: Answer, name: 'nodes' | 'bytes', most: number) => {
  expect(data).toBeUndefined();
  expect(errors).toHaveLength(1);
  expect(errors?.[0]?.extensions).toEqual({
    code: 'BAD_REQUEST',
    limit: { name, weight: expect.any(Number), most },
  });
  expect(errors?.[0]?.extensions.limit?.weight).toBeGreaterThan(most);
};

describe('an answer that would be too large', () => {
  it.each([
    ['bytes', LARGE, BUDGETS.public.bytes],
    ['nodes', MANY, BUDGETS.public.nodes],
  ] as const)('is refused by POST as one error that names the limit: %s', async (name, query, most) => {
    // The first time by Apollo, then by the execution in halves: the same words and the same figures.
    const first = await post(query);
    const second = await post(query);
    expect(first.status).toBe(400);
    expectLimit(first.answer, name, most);
    expect(second).toEqual(first);
  });

  it('is refused by GET', async () => {
    const answer = await fetch(`${hub.url}/graphql?${new URLSearchParams({ query: MANY })}`);
    expect(answer.status).toBe(400);
    expectLimit((await answer.json()) as Answer, 'nodes', BUDGETS.public.nodes);
  });

  it('is refused over WebSocket', async () => {
    const socket = await new RawSocket(hub.url).init();
    onTestFinished(() => socket.end());
    await socket.subscribe('1', LARGE);
    await socket.until(() => socket.of('1').length > 0);
    expectLimit((socket.of('1')[0] as { payload: Answer }).payload, 'bytes', BUDGETS.public.bytes);
  });

  it('is answered to staff, who may ask for more', async () => {
    const { status, answer } = await post(LARGE, { authorization: `Bearer ${tokens.editor}` });
    expect(status).toBe(200);
    expect(answer.errors).toBeUndefined();
  });
});

describe('a text to search for that no person would type', () => {
  it.each([
    ['search', 'communes(search: $text) { totalCount }'],
    ['where.search', 'publications(where: { search: $text }) { totalCount }'],
    ['where.search', 'alerts(where: { search: $text }) { totalCount }'],
  ])('is refused by name, and one of 200 characters is read: %s of %s', async (path, field) => {
    const ask = (text: string) =>
      hub
        .as()
        .request(`query ($text: String) { ${field} }`, { text })
        .then(
          () => undefined,
          ({ response }) => response.errors[0].extensions,
        );
    expect(await ask('saint '.repeat(40).slice(0, 200))).toBeUndefined();
    expect(await ask('saint '.repeat(40).slice(0, 201))).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path }] });
  });
});

describe('a change of which too much is selected', () => {
  const selection = `publication { ${times(30, `communes { ${'a'.repeat(200)}: name }`)} }`;
  const everywhere = { areas: [{ description: 'Essonne', communes: [] as string[] }] };
  beforeAll(async () => {
    const { communes } = await hub
      .as()
      .request<{ communes: { nodes: { code: string }[] } }>('{ communes(first: 200) { nodes { code } } }');
    everywhere.areas[0]?.communes.push(...communes.nodes.map(({ code }) => code));
  });

  it('is told as one error, over WebSocket and as an event, and the stream goes on', async () => {
    const socket = await new RawSocket(hub.url).init();
    onTestFinished(() => socket.end());
    await socket.subscribe('large', `subscription { changes { type ${selection} } }`);
    await socket.subscribe('small', 'subscription { changes { type } }');
    await socket.until(() => socket.of('large').length > 0 && socket.of('small').length > 0);
    await publishNew(hub, 'Alert', alertInput(everywhere));
    await socket.until(() => socket.of('large').length > 1 && socket.of('small').length > 1);
    expectLimit((socket.of('large')[1] as { payload: Answer }).payload, 'bytes', BUDGETS.change.bytes);
    expect(socket.of('small')[1]).toMatchObject({ payload: { data: { changes: { type: 'PUBLISHED' } } } });
    await publishNew(hub);
    await socket.until(() => socket.of('large').length > 2);
    expect(socket.of('large')[2]).toMatchObject({ payload: { data: { changes: { type: 'PUBLISHED' } } } });
  });
});
