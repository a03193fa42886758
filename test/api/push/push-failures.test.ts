import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { SetClock } from '../../../src/clock.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { publishNew } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { logLines } from '../../support/hub/log-lines.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import {
  allPushed,
  plantReaders,
  pushesTo,
  pushInput,
  pushJobs,
  pushSecrets,
  savePushAs,
  subscribed,
} from '../../support/push/push-desk.ts';
import {
  PushReader,
  type PushServiceDouble,
  pushServiceOfTest,
  pushTargets,
} from '../../support/receivers/push-service.ts';

const { url } = await testDatabase();
const clock = new SetClock(new Date());
const log = new PassThrough();
const { lines } = logLines(log);
const secrets = pushSecrets();
const more = { push: secrets, pushTargets: await pushTargets() };
const hub = await startHub({ url, clock, logger: pino({ level: 'warn' }, log), more });
afterAll(() => hub.close());
// The services of a test end with it.
afterEach(() =>
  rows('with a as (delete from push_job), b as (delete from push_service) delete from push_subscription'),
);

const rows = (text: string, values: unknown[] = []) =>
  withSession(url, async (session) => (await session.query<Record<string, unknown>>(text, values)).rows);
const eventually = (look: () => unknown) => expect.poll(look, { timeout: PATIENCE_MS });
const done = (thread: string) => allPushed(url, thread);
const later = (seconds: number) => clock.set(new Date(clock.now().getTime() + seconds * 1000));

async function withReader(service: PushServiceDouble) {
  const reader = await PushReader.subscribe(service.origin);
  const { subscription } = await subscribed(hub, service, reader);
  const row = async () => (await rows('select failed from push_subscription where id = $1', [subscription.id]))[0];
  return { reader, id: subscription.id, row };
}
const resting = async () => (await rows('select failures from push_service')).map(({ failures }) => failures);

describe('a subscription', () => {
  it.each([404, 410])('that its service answers %i for is deleted', async (status) => {
    const service = await pushServiceOfTest();
    const { row } = await withReader(service);
    service.status(status);
    const { id } = await publishNew(hub);
    await eventually(row).toBeUndefined();
    await done(id);
  });

  it('that is refused is deleted after three in a row, and not for two with one that is taken behind them', async () => {
    const service = await pushServiceOfTest();
    const { row } = await withReader(service);
    for (const [status, failed] of [
      [400, 1],
      [413, 2],
      [201, 0],
      [400, 1],
      [400, 2],
    ] as const) {
      service.status(status);
      await done((await publishNew(hub)).id);
      expect(await row()).toEqual({ failed });
    }
    service.status(400);
    await publishNew(hub);
    await eventually(row).toBeUndefined();
  });

  it('whose code is refused is forgotten at once', async () => {
    const service = await pushServiceOfTest();
    service.status(410);
    const reader = await PushReader.subscribe(service.origin);
    const { subscription } = await savePushAs(hub, await pushInput(hub, reader));
    await eventually(() => rows('select id from push_subscription where id = $1', [subscription.id])).toEqual([]);
  });

  it('whose code did not get through is sent it again, three times in all', async () => {
    const service = await pushServiceOfTest();
    service.status(500);
    const reader = await PushReader.subscribe(service.origin);
    await savePushAs(hub, await pushInput(hub, reader));
    await pushesTo(service, reader, 1);
    for (const count of [2, 3]) {
      later(16);
      await pushesTo(service, reader, count);
    }
    later(16);
    await publishNew(hub);
    expect(await pushesTo(service, reader, 3)).toHaveLength(3);
  });
});

describe('a push service', () => {
  it('that asks for a rest is left alone for as long as it asks; others go on', async () => {
    const [asking, working] = [await pushServiceOfTest(), await pushServiceOfTest()];
    const [held, free] = [await withReader(asking), await withReader(working)];
    asking.status(429, { 'retry-after': '120' });
    const { id } = await publishNew(hub);
    await pushesTo(working, free.reader, 2);
    await pushesTo(asking, held.reader, 2);
    await eventually(resting).toEqual([0]);
    asking.status(201);
    later(100);
    const next = await publishNew(hub);
    await pushesTo(working, free.reader, 3);
    expect(await pushesTo(asking, held.reader, 2)).toHaveLength(2);
    later(30);
    await pushesTo(asking, held.reader, 4);
    for (const thread of [id, next.id]) await done(thread);
  });

  it('that is down is tried by one push alone, later each time, and gets all once it is back', async () => {
    const service = await pushServiceOfTest();
    const reader = await PushReader.subscribe(service.origin);
    const paths = await plantReaders(url, secrets, { origin: service.origin, reader, count: 300 });
    service.status(503);
    const { id } = await publishNew(hub);
    await eventually(resting).toEqual([1]);
    const first = service.received.length;
    expect(first).toBeLessThanOrEqual(200);
    for (const [seconds, failures] of [
      [6, 2],
      [31, 3],
      [121, 4],
    ] as const) {
      const before = service.received.length;
      later(seconds);
      await eventually(resting).toEqual([failures]);
      expect(service.received.length - before).toBe(1);
    }
    service.status(201);
    const before = service.received.length;
    later(301);
    await done(id);
    expect(new Set(service.received.slice(before).map(({ path }) => path))).toEqual(new Set(paths));
    expect(service.received.slice(before)).toHaveLength(paths.length);
    await eventually(resting).toEqual([]);
  });

  it('that takes no key of the hub loses nobody, and its operator is told', async () => {
    const service = await pushServiceOfTest();
    const { row } = await withReader(service);
    for (let one = 0; one < 3; one += 1) await withReader(service);
    service.status(403);
    const { id } = await publishNew(hub);
    await eventually(() => lines().filter(({ msg }) => msg.startsWith('a push service takes neither'))).toMatchObject([
      { level: 50, service: 'other' },
    ]);
    expect(await row()).toEqual({ failed: 0 });
    service.status(201);
    later(301);
    await done(id);
  });

  it('that says goodbye gets what it did not look at over a new line, and nothing is lost', async () => {
    const service = await pushServiceOfTest();
    const reader = await PushReader.subscribe(service.origin);
    const paths = await plantReaders(url, secrets, { origin: service.origin, reader, count: 400 });
    let count = 0;
    service.answer((respond) => {
      count += 1;
      if (count === 150) service.goAway(2 ** 31 - 1);
      respond(201);
    });
    await done((await publishNew(hub)).id);
    expect(new Set(service.received.map(({ path }) => path))).toEqual(new Set(paths));
    expect(service.connections).toBeGreaterThan(1);
  });

  it('that does not answer in time is no end of the job for others of it', async () => {
    const service = await pushServiceOfTest();
    const [slow, quick] = [await withReader(service), await withReader(service)];
    service.answer((respond, { path }) => {
      if (path !== slow.reader.path) respond(201);
    });
    const { id } = await publishNew(hub);
    await pushesTo(service, quick.reader, 2);
    await eventually(async () => (await pushJobs(url, id))?.[0]?.again).toEqual([slow.id]);
    service.status(201);
    // The next attempt may be under way already, and fail as the first one did.
    const next = async () => {
      later(6);
      return (await pushJobs(url, id))?.length;
    };
    await expect.poll(next, { timeout: PATIENCE_MS, interval: 1_000 }).toBe(0);
    expect(await pushesTo(service, quick.reader, 2)).toHaveLength(2);
  });

  it('that speaks HTTP/1.1 alone is served as well', async () => {
    const service = await pushServiceOfTest({ http1: true });
    const { reader } = await withReader(service);
    const { id } = await publishNew(hub);
    const [, push] = await pushesTo(service, reader, 2);
    expect((await reader.read(push as NonNullable<typeof push>)).tocsin.id).toBe(id);
  });

  it('whose name leads inwards one day gets nothing', async () => {
    const service = await pushServiceOfTest();
    const { row } = await withReader(service);
    await hub.close();
    const inwards = { ...more.pushTargets, allow: () => false };
    const guarded = await startHub({ url, clock, more: { ...more, pushTargets: inwards } });
    try {
      await publishNew(guarded);
      await eventually(row).toEqual({ failed: 1 });
      expect(service.received).toHaveLength(1);
    } finally {
      await guarded.close();
    }
  });
});
