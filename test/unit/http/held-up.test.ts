import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { serverBefore } from '../../../src/api/answers/kept/before-fastify.ts';
import { refuseUnreadable } from '../../../src/api/http-errors.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

/** Longer than a client may take for the head, for all of its request, and to say anything. */
const HELD_UP_MS = 21_000;

const HEAD = 'POST /elsewhere HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n';

let server: Server;
beforeAll(async () => {
  const factory = serverBefore(
    () => undefined,
    () => false,
  );
  server = factory((request, response) => void request.resume().once('end', () => response.end('answered')), {});
  server.on('clientError', refuseUnreadable).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return () => void server.close();
});

/** A client of whom the server has read the beginning; what it hears. */
async function client(beginning: string): Promise<{ socket: Socket; heard(): string }> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  const [served] = (await once(server, 'connection')) as [Socket];
  let heard = '';
  socket.on('data', (chunk) => (heard += chunk)).on('error', () => undefined);
  socket.write(beginning);
  await expect.poll(() => served.bytesRead).toBe(beginning.length);
  return { socket, heard: () => heard };
}

describe('a hub that gets no CPU for longer than a client may take', () => {
  it('answers each that sent its request in time, and cuts the one that did not', async () => {
    const silent = await client('');
    const inHead = await client(HEAD.slice(0, 30));
    const inBody = await client(`${HEAD}\r\nhalf`);
    const neverEnds = await client(HEAD.slice(0, 30));
    // Written before the server can read: a socket hands what it can to the kernel at once.
    silent.socket.write(`${HEAD}\r\nhalf-half`);
    inHead.socket.write(`${HEAD.slice(30)}\r\nhalf-half`);
    inBody.socket.write('-half');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, HELD_UP_MS);
    for (const { heard } of [silent, inHead, inBody])
      await expect.poll(heard, { timeout: PATIENCE_MS }).toMatch(/^HTTP\/1\.1 200 .*answered/s);
    const dripping = setInterval(() => neverEnds.socket.writable && neverEnds.socket.write('a'), 500);
    onTestFinished(() => clearInterval(dripping));
    await expect.poll(() => neverEnds.socket.closed, { timeout: PATIENCE_MS }).toBe(true);
    expect(neverEnds.heard()).toMatch(/^HTTP\/1\.1 408 |^$/);
  });
});

// Browsers and agents open connections ahead of their next request: an answer to none would be taken for that of the request
// which they send in the same moment.
it('refuses the head that does not end, and closes without a word on a client that has said nothing', async () => {
  const [mute, inHead] = [await client(''), await client(HEAD.slice(0, 30))];
  for (const { socket } of [mute, inHead]) await expect.poll(() => socket.closed, { timeout: PATIENCE_MS }).toBe(true);
  expect(inHead.heard()).toMatch(/^HTTP\/1\.1 408 /);
  expect(mute.heard()).toBe('');
});
