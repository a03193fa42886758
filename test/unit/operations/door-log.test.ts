import { PassThrough } from 'node:stream';
import fastify from 'fastify';
import { pino } from 'pino';
import { afterAll, expect, it } from 'vitest';
import { DoorLog } from '../../../src/operations/door-log.ts';
import { Sparing } from '../../../src/operations/sparing.ts';

const log = new PassThrough();
const lines = () =>
  String(log.read() ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** Everything is slow to it. */
const doors = new DoorLog({ logger: pino({ base: null }, log), addressOf: () => '192.0.2.7', slowMs: 0 });
const server = fastify();
server.post('/graphql', async () => ({}));
server.get('/stream', async (_request, reply) => {
  reply.hijack();
  reply.raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' }).end(':\n\n');
});
server.get('/fails', async () => {
  throw new Error('planted');
});
doors.watch(server);
afterAll(() => server.close());

it.each([
  ['Longjumeau', { operation: 'Longjumeau' }],
  ['a b', {}],
  ['Bearer.x', {}],
  ['x'.repeat(101), {}],
  [7, {}],
  [undefined, {}],
])('tells a slow request, with the operation that a client calls %j', async (operationName, told) => {
  await server.inject({ method: 'POST', url: '/graphql?token=secret', payload: { operationName } });
  expect(lines()).toEqual([
    {
      ...{ level: 30, time: expect.any(Number), reqId: expect.any(String), method: 'POST', path: '/graphql' },
      ...{ client: '192.0.2.7', status: 200, ms: expect.any(Number), msg: 'slow', ...told },
    },
  ]);
});

it('tells nothing of a stream, which lasts as long as its reader', async () => {
  await server.inject('/stream');
  expect(lines()).toEqual([]);
});

it('tells what failed as failed, and a path as far as it can be one of the hub', async () => {
  await server.inject('/fails?token=secret');
  await server.inject({ method: 'GET', url: `/${'x'.repeat(5_000)}` });
  await server.inject({ method: 'POST', url: '/graphql', payload: 'x', headers: { 'content-type': 'text/csv' } });
  expect(lines()).toMatchObject([
    { msg: 'failed', status: 500, path: '/fails' },
    { msg: 'slow', status: 404, path: `/${'x'.repeat(199)}` },
    { msg: 'refused', status: 415, path: '/graphql' },
  ]);
});

it('lets twenty lines of a kind through in a second, and says how many it left out', () => {
  let now = 0;
  const sparing = new Sparing(() => now);
  const admitted = (kind: string, times: number) => Array.from({ length: times }, () => sparing.admit(kind));
  expect(admitted('answer', 25)).toEqual([...Array(20).fill(0), ...Array(5).fill(undefined)]);
  expect(admitted('token', 1)).toEqual([0]);
  now = 999;
  expect(admitted('answer', 2)).toEqual([undefined, undefined]);
  now = 1_000;
  expect(admitted('answer', 2)).toEqual([7, 0]);
  now = 5_000;
  expect(admitted('answer', 1)).toEqual([0]);
});
