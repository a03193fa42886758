import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { RawSocket } from '../../support/following/raw-socket.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const log = new PassThrough();
const hub = await startHub({ url, logger: pino({ level: 'error' }, log) });
afterAll(() => hub.close());

const CHANGES =
  'subscription ($after: Cursor, $where: ChangeFilter) { changes(after: $after, where: $where) { type } }';
const NEEDED = 'subscription ($where: ChangeFilter!) { changes(where: $where) { type } }';

it.each([
  ['a cursor that is no text', CHANGES, { after: 5 }],
  ['a field that no filter has', CHANGES, { where: { nope: 1 } }],
  ['a filter that is none', CHANGES, { where: 'x' }],
  ['a severity that is none', CHANGES, { where: { severityAtLeast: 'X' } }],
  ['no filter where one is needed', NEEDED, {}],
  ['null for a page size', 'query ($n: Int) { publications(first: $n) { totalCount } }', { n: null }],
  ['a page size that is none', 'query ($n: Int) { publications(first: $n) { totalCount } }', { n: 'many' }],
])('answers %s over WebSocket with BAD_REQUEST', async (_what, query, variables) => {
  const socket = await new RawSocket(hub.url).init();
  onTestFinished(() => socket.end());
  await socket.subscribe('1', query, variables);
  await socket.until(() => socket.of('1').length > 0);
  const [answer] = socket.of('1');
  const { payload } = answer as { payload: { extensions: object }[] | { errors: { extensions: object }[] } };
  const errors = Array.isArray(payload) ? payload : payload.errors;
  expect(errors[0]?.extensions).toEqual({ code: 'BAD_REQUEST' });
});

it('has logged no error of those', async () => {
  log.end();
  expect(await text(log)).toBe('');
});
