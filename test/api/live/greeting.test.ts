import { afterAll, expect, it, onTestFinished } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { RawSocket } from '../../support/following/raw-socket.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

/** Longer than a client may take for its greeting, in milliseconds. */
const HELD_UP_MS = 3_500;

it('is heard if it arrived in time, though the hub itself was held up meanwhile', async () => {
  const socket = new RawSocket(hub.url);
  onTestFinished(() => socket.end());
  await socket.say({ type: 'connection_init' });
  // The hub is in this very process: nothing of it runs until this ends, and then its timers run before it reads.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, HELD_UP_MS);
  await socket.until(() => socket.heard.length > 0 || socket.closed !== undefined);
  expect([socket.heard, socket.closed]).toEqual([[{ type: 'connection_ack' }], undefined]);
});

it('is missed after three seconds', async () => {
  const socket = new RawSocket(hub.url);
  await socket.until(() => socket.closed !== undefined);
  expect(socket.closed).toMatchObject({ code: 4408 });
});
