import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

const post = (body: string, headers: Record<string, string> = {}) =>
  fetch(`${hub.url}/graphql`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
const query = (text: string, headers?: Record<string, string>) => post(JSON.stringify({ query: text }), headers);

/** fetch sends no `Expect`. */
const expecting = async (expect: string): Promise<Response> => {
  const [answer] = (await once(get(`${hub.url}/healthz`, { headers: { expect } }), 'response')) as [IncomingMessage];
  const headers = { 'content-type': answer.headers['content-type'] ?? '' };
  return new Response(await text(answer), { status: answer.statusCode ?? 0, headers });
};

async function refused(answer: Response): Promise<{ status: number; code: string; type: string | null }> {
  const body = (await answer.json()) as { errors: { extensions: { code: string } }[] };
  return {
    status: answer.status,
    code: body.errors[0]?.extensions.code ?? '',
    type: answer.headers.get('content-type'),
  };
}

describe('what is refused over HTTP is refused in JSON, with the right status', () => {
  it.each([
    ['a syntax error', () => query('{ situation('), 400, 'BAD_REQUEST'],
    ['an unknown field', () => query('{ nothing }'), 400, 'BAD_REQUEST'],
    ['a body that is no JSON', () => post('{"query":'), 400, 'BAD_REQUEST'],
    ['a body that is too large', () => query(`{ __typename } #${'x'.repeat(300_000)}`), 413, 'BAD_REQUEST'],
    ['another media type', () => post('<a/>', { 'content-type': 'text/xml' }), 415, 'BAD_REQUEST'],
    [
      'a form of another site',
      () => post('{"query":"{ __typename }"}', { 'content-type': 'text/plain' }),
      415,
      'BAD_REQUEST',
    ],
    ['a POST to a page', () => fetch(`${hub.url}/healthz`, { method: 'POST' }), 405, 'BAD_REQUEST'],
    ['an address that is none', () => fetch(`${hub.url}/%E0%A4%A`), 400, 'BAD_REQUEST'],
    [
      'a development token that a proxy hands on',
      () => query('{ viewer { id } }', { authorization: `Bearer ${tokens.editor}`, 'x-forwarded-for': '203.0.113.7' }),
      401,
      'UNAUTHENTICATED',
    ],
    ['another method', () => fetch(`${hub.url}/graphql`, { method: 'DELETE' }), 405, 'BAD_REQUEST'],
    [
      'a mutation over GET',
      () =>
        fetch(
          `${hub.url}/graphql?query=${encodeURIComponent('mutation { verifyPublication(id: "1") { publication { id } } }')}`,
          {
            headers: { 'apollo-require-preflight': '1' },
          },
        ),
      405,
      'BAD_REQUEST',
    ],
    ['an address where nothing is', () => fetch(`${hub.url}/nothing`), 404, 'NOT_FOUND'],
    [
      'a token that is not good',
      () => query('{ viewer { id } }', { authorization: 'Bearer nonsense' }),
      401,
      'UNAUTHENTICATED',
    ],
    [
      'a document that is too deep',
      () => query(`{ situation(place: { commune: "91345" }) { commune { situation { asOf } } } }`),
      400,
      'BAD_REQUEST',
    ],
    [
      'too many aliases',
      () =>
        query(
          `{ ${Array.from({ length: 80 }, (_, i) => `a${i}: __typename b${i}: commune(code: "91345") { name }`).join(' ')} }`,
        ),
      400,
      'BAD_REQUEST',
    ],
    [
      'null for an argument that is not null',
      () => post('{"query":"query ($n: Int) { publications(first: $n) { totalCount } }","variables":{"n":null}}'),
      200,
      'BAD_REQUEST',
    ],
    ['a subscription', () => query('subscription { changes { type } }'), 400, 'BAD_REQUEST'],
    [
      'a subscription in parts',
      () =>
        query('subscription { changes { type } }', {
          accept: 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0,application/json',
        }),
      400,
      'BAD_REQUEST',
    ],
    [
      'a subscription over GET',
      () => fetch(`${hub.url}/graphql?query=subscription%7Bchanges%7Btype%7D%7D`),
      405,
      'BAD_REQUEST',
    ],
    ['an address of 20 kB', () => fetch(`${hub.url}/graphql?query=${'x'.repeat(20_000)}`), 431, 'BAD_REQUEST'],
    ['headers of 20 kB', () => query('{ __typename }', { 'x-long': 'x'.repeat(20_000) }), 431, 'BAD_REQUEST'],
    ['an expectation that nobody knows', () => expecting('foo'), 417, 'BAD_REQUEST'],
    [
      '150 operations',
      () => query(Array.from({ length: 150 }, (_, i) => `query q${i} { __typename }`).join(' ')),
      400,
      'BAD_REQUEST',
    ],
  ])('%s', async (_what, ask, status, code) => {
    const answer = await refused(await ask());
    expect(answer).toMatchObject({ status, code });
    expect(answer.type).toMatch(/^application\/json/);
  });
});

describe('the ports of call', () => {
  it('answers who a token is', async () => {
    const answer = await query('{ viewer { name roles } }', { authorization: `Bearer ${tokens.editor}` });
    expect(await answer.json()).toEqual({ data: { viewer: { name: 'Élodie Martin (rédaction)', roles: ['EDITOR'] } } });
  });

  it('tells that the process is alive and ready, and how it does', async () => {
    expect(await (await fetch(`${hub.url}/healthz`)).json()).toEqual({ status: 'ok' });
    const ready = await fetch(`${hub.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([
      200,
      {
        status: 'ready',
        checks: { database: 'ok', writes: 'ok', journal: 'ok', work: 'ok', time: 'ok', clock: 'ok', open: 'ok' },
      },
    ]);
    expect(await (await fetch(`${hub.url}/metrics`)).text()).toContain('tocsin_journal_position');
  });

  it('serves GraphiQL to browsers, whole, with nothing from elsewhere', async () => {
    const page = await fetch(`${hub.url}/graphql`, { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    const text = await page.text();
    expect(text).toContain('GraphiQL');
    expect(text).not.toMatch(/<(script|link)[^>]+(src|href)=["']https?:/);
  });

  it('sends the explorer once, and then only that it has not changed', async () => {
    const accept = 'text/html,application/xhtml+xml,*/*;q=0.8';
    const first = await fetch(`${hub.url}/graphql`, { headers: { accept } });
    await first.arrayBuffer();
    const again = await fetch(`${hub.url}/graphql`, {
      headers: { accept, 'if-none-match': first.headers.get('etag') ?? '' },
    });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  it('answers JSON to whoever asks something, or prefers it to HTML', async () => {
    const accept = 'text/html,application/xhtml+xml,*/*;q=0.8';
    const answer = await fetch(`${hub.url}/graphql?query={__typename}`, { headers: { accept } });
    expect(await answer.json()).toEqual({ data: { __typename: 'Query' } });
    const program = await fetch(`${hub.url}/graphql`, { headers: { accept: 'text/html;q=0.1, application/json' } });
    expect((await refused(program)).status).toBe(400);
  });

  it('lets the pages of any site read what is public, and sends no cookie', async () => {
    const preflight = await fetch(`${hub.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://www.essonne.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type, authorization',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-headers')).toBe('content-type, authorization');
    const answer = await query('{ __typename }', { origin: 'https://www.essonne.example' });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each([
    ['POST', () => post('{"query":"{ __typename }","operationName":""}')],
    [
      'POST with a token',
      () => post('{"query":"{ __typename }","operationName":""}', { authorization: `Bearer ${tokens.editor}` }),
    ],
    ['GET', () => fetch(`${hub.url}/graphql?query={__typename}&operationName=`)],
  ])('reads an empty operation name as none: %s', async (_how, ask) => {
    for (let time = 0; time < 3; time++) expect(await (await ask()).json()).toEqual({ data: { __typename: 'Query' } });
  });

  it('tells whom a 401 asks for, and what a 405 allows', async () => {
    const unknown = await query('{ viewer { id } }', { authorization: 'Bearer nonsense' });
    expect(unknown.headers.get('www-authenticate')).toMatch(/^Bearer/);
    const method = await fetch(`${hub.url}/graphql`, { method: 'DELETE' });
    expect(method.headers.get('allow')).toBe('GET, POST');
  });
});
