import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { RawSocket } from '../../support/following/raw-socket.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

const times = (count: number, make: (index: number) => string) => Array.from({ length: count }, (_, i) => make(i));
const many = (count: number, make: (index: number) => string) => times(count, make).join(' ');

/** The errors of a document, by each way that a document comes in. */
const ways = {
  'an HTTP request': async (query: string) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${hub.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
    return ((await answer.json()) as { errors: { message: string; locations: object[] }[] }).errors;
  },
  'a WebSocket': async (query: string) => {
    const socket = await new RawSocket(hub.url).init();
    onTestFinished(() => socket.end());
    await socket.subscribe('1', query);
    await socket.until(() => socket.of('1').length > 0);
    return (socket.of('1')[0] as { payload: { message: string; locations: object[] }[] }).payload;
  },
};

describe.each(Object.entries(ways))('a document with many faults, over %s', (_way, errorsOf) => {
  it.each([
    ['one unknown field', '{ nope }', /^Cannot query field "nope" on type "Query"\.$/],
    ['two unknown fields', '{ nope nada }', /^Cannot query field "nope".* \(and 1 more\)$/],
    [
      'ten unknown directives',
      `{ __typename ${many(10, (i) => `@d${i}`)} }`,
      /^Unknown directive "@d0"\. \(and 9 more\)$/,
    ],
    [
      'ten times one unknown directive',
      `{ __typename ${many(10, () => '@d')} }`,
      /^Unknown directive "@d"\. \(and 9 more\)$/,
    ],
    ['ten unknown fields', `{ ${many(10, (i) => `f${i}`)} }`, /"f0".* \(and 9 more\)$/],
    [
      'ten unknown arguments',
      `{ publications(${many(10, (i) => `a${i}: 1`)}) { totalCount } }`,
      /"a0".* \(and 9 more\)$/,
    ],
    ['ten unknown fragments', `{ ${many(10, (i) => `...F${i}`)} }`, /"F0".* \(and 9 more\)$/],
    ['ten unused variables', `query (${many(10, (i) => `$v${i}: Int`)}) { __typename }`, /"\$v0".* \(and 9 more\)$/],
    ['ten unknown types', `query (${many(10, (i) => `$v${i}: T${i}`)}) { __typename }`, / \(and at least 9 more\)$/],
    ['five hundred unknown fields', `{ ${many(500, (i) => `f${i}`)} }`, /"f0".* \(and at least 9 more\)$/],
    [
      'a thousand unknown directives',
      `{ ${many(1_000, (i) => `@d${i}`).replace(/^/, '__typename ')} }`,
      / \(and at least 9 more\)$/,
    ],
  ])('is answered by one error that says how many more there are: %s', async (_what, query, expected) => {
    const [error, ...others] = await errorsOf(query);
    expect(others).toEqual([]);
    expect(error).toMatchObject({ message: expect.stringMatching(expected), extensions: { code: 'BAD_REQUEST' } });
    expect(error?.locations).toHaveLength(1);
  });
});
