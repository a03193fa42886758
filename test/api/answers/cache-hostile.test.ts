import { connect } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { Asking, say } from '../../support/desk/asking.ts';
import { startHub } from '../../support/hub/hub.ts';

/** Whatever is sent, the cache changes no answer: each is compared with that of a request that passes it by (a cookie). */
const { url } = await testDatabase();
const hub = await startHub({ url });
const asking = new Asking(hub.url);
afterAll(async () => {
  asking.end();
  await hub.close();
});

const BODY = JSON.stringify({ query: '{ commune(code: "91345") { name } }' });
const SIZE = Buffer.byteLength(BODY);
const head = (lines: readonly string[], method = 'POST /graphql') =>
  [`${method} HTTP/1.1`, 'host: tocsin', ...lines, '', ''].join('\r\n');
const json = (size: number | string, ...more: string[]) =>
  head(['content-type: application/json', `content-length: ${size}`, ...more]);
const CLOSE = 'connection: close';

/** Status and body of each answer on a connection; the cache's own headers and dates left aside. */
const bare = (heard: string) =>
  heard
    .split(/(?=HTTP\/1\.1 )/)
    .map((answer) => [answer.slice(0, 12), answer.slice(answer.indexOf('\r\n\r\n'))])
    .filter(([status]) => status !== '');

it.each<[string, (more: string[]) => string[]]>([
  ['a body in one piece', (more) => [json(SIZE, CLOSE, ...more) + BODY]],
  ['a body letter by letter', (more) => [json(SIZE, CLOSE, ...more), ...BODY]],
  ['two requests in one packet', (more) => [json(SIZE, ...more) + BODY + json(SIZE, CLOSE, ...more) + BODY]],
  [
    'a chunked body',
    (more) => [
      `${head(['content-type: application/json', 'transfer-encoding: chunked', CLOSE, ...more])}${SIZE.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`,
    ],
  ],
  ['a body that ends too early', (more) => [json(SIZE + 5, CLOSE, ...more) + BODY]],
  ['a body that is longer than announced', (more) => [json(SIZE, CLOSE, ...more) + BODY + BODY]],
  ['a body that is longer than it may be', (more) => [json(300_000, CLOSE, ...more) + BODY]],
  ['no body', (more) => [json(0, CLOSE, ...more)]],
  ['a length that is none', (more) => [json('many', CLOSE, ...more)]],
  ['two lengths', (more) => [json(SIZE, `content-length: ${SIZE + 1}`, CLOSE, ...more) + BODY]],
  ['length and chunks', (more) => [json(SIZE, 'transfer-encoding: chunked', CLOSE, ...more) + BODY]],
  ['no JSON', (more) => [`${json(9, CLOSE, ...more)}{"query":`]],
  ['a list', (more) => [`${json(SIZE + 2, CLOSE, ...more)}[${BODY}]`]],
  ['null', (more) => [`${json(4, CLOSE, ...more)}null`]],
  ['a prototype', (more) => [`${json(17, CLOSE, ...more)}{"__proto__":{} }`]],
  ['bytes that are no UTF-8', (more) => [`${json(SIZE, CLOSE, ...more)}${BODY.slice(0, -3)}\xff"}`]],
  ['a media type that is refused', (more) => [json(SIZE, 'accept: image/png', CLOSE, ...more) + BODY]],
  ['an expectation', (more) => [json(SIZE, 'expect: 100-continue', CLOSE, ...more) + BODY]],
  ['another expectation', (more) => [json(SIZE, 'expect: 200-ok', CLOSE, ...more) + BODY]],
  [
    'a query by GET that stands twice',
    (more) => [head([CLOSE, ...more], 'GET /graphql?query=%7B__typename%7D&query=%7B__typename%7D')],
  ],
  [
    'a GET with a body',
    (more) => [
      `${head(['content-type: application/json', `content-length: ${SIZE}`, CLOSE, ...more], 'GET /graphql?query=%7B__typename%7D')}${BODY}`,
    ],
  ],
  ['a HEAD', (more) => [head([CLOSE, ...more], 'HEAD /graphql?query=%7B__typename%7D')]],
  [
    'variables that nest deeply',
    (more) => {
      const deep = `{"query":"{__typename}","variables":{"a":${'['.repeat(9_000)}${']'.repeat(9_000)}}}`;
      return [json(deep.length, CLOSE, ...more) + deep];
    },
  ],
])('answers %s as if there were no cache, also the second time', async (_what, pieces) => {
  const without = bare(await say(hub.url, pieces(['cookie: a=b'])));
  expect(bare(await say(hub.url, pieces([])))).toEqual(without);
  expect(bare(await say(hub.url, pieces([])))).toEqual(without);
});

it('goes on for others when somebody leaves in the middle of a body', async () => {
  const { port } = new URL(hub.url);
  await asking.post(BODY);
  for (let round = 0; round < 200; round++)
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write(json(SIZE) + BODY.slice(0, round % SIZE), () => socket.resetAndDestroy());
      });
      socket.on('close', () => resolve());
    });
  expect((await asking.post(BODY)).status).toBe(200);
  expect(String((await asking.post(BODY)).body)).toContain('Longjumeau');
});
