import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { type Answered, Asking } from '../../support/desk/asking.ts';
import { startHub } from '../../support/hub/hub.ts';

/** Automatic persisted queries, as Apollo's clients speak them: by hash first, with the text when the hub asks for it. */
const { url } = await testDatabase();
const hub = await startHub({ url });
const asking = new Asking(hub.url);
afterAll(async () => {
  asking.end();
  await hub.close();
});

const hashOf = (query: string) => createHash('sha256').update(query).digest('hex');
const by = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } });
const codeOf = ({ body }: Answered) => JSON.parse(String(body)).errors?.[0]?.extensions.code;
const methods = {
  POST: (query: string | undefined, hash: string) => asking.post({ query, extensions: by(hash) }),
  GET: (query: string | undefined, hash: string) =>
    asking.get({ ...(query ? { query } : {}), extensions: JSON.stringify(by(hash)) }),
};

describe.each(['POST', 'GET'] as const)('by %s', (method) => {
  const ask = methods[method];
  const query = `query ${method} { commune(code: "91345") { name situation { asOf } } }`;

  it('asks for the text of a hash that it does not know, and nobody may keep that answer', async () => {
    const unknown = await ask(undefined, hashOf(query));
    expect(codeOf(unknown)).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect(unknown.headers.etag).toBeUndefined();
    expect(unknown.headers['cache-control']).toMatch(/no-store|no-cache/);
  });

  it('refuses a text that has another hash', async () => {
    const wrong = await ask(query, hashOf('{ __typename }'));
    expect([wrong.status, codeOf(wrong)]).toEqual([400, 'BAD_REQUEST']);
    expect(codeOf(await ask(undefined, hashOf(query)))).toBe('PERSISTED_QUERY_NOT_FOUND');
  });

  it('knows the hash once the text came, also where that answer was known', async () => {
    await asking.post({ query });
    await asking.get({ query });
    expect((await ask(query, hashOf(query))).status).toBe(200);
    const first = await ask(undefined, hashOf(query));
    expect(JSON.parse(String(first.body)).data.commune.name).toBe('Longjumeau');
    const { hits } = await asking.figures();
    expect((await ask(undefined, hashOf(query))).body.equals(first.body)).toBe(true);
    expect((await asking.figures()).hits).toBe(hits + 1);
  });
});

it('lets a CDN keep a GET by hash for some seconds, and nothing else', async () => {
  const query = '{ situation(place: { commune: "91345" }) { asOf } }';
  const registering = await methods.GET(query, hashOf(query));
  expect(registering.headers['cache-control']).toBe('no-cache');
  for (let time = 0; time < 2; time++) {
    const answer = await methods.GET(undefined, hashOf(query));
    expect(answer.headers['cache-control']).toBe('public, max-age=5, stale-while-revalidate=30, stale-if-error=86400');
    expect(answer.headers.etag).toMatch(/^"[\w-]+"$/);
    expect((await methods.POST(undefined, hashOf(query))).headers['cache-control']).toBe('no-cache');
  }
});

it('does nothing by GET, whether named by text or by hash', async () => {
  const mutation = 'mutation { verifyPublication(id: "1") { publication { id } } }';
  await methods.POST(mutation, hashOf(mutation));
  expect((await methods.GET(undefined, hashOf(mutation))).status).toBe(405);
  expect((await methods.GET(mutation, hashOf(mutation))).status).toBe(405);
});
