import { once } from 'node:events';
import { afterAll, describe, expect, it } from 'vitest';
import { WAITS_S } from '../../../src/channels/webhooks/delivery/retry.rules.ts';
import { SetClock } from '../../../src/clock.ts';
import { until } from '../../../src/development/embedded/processes.ts';
import { testDatabase } from '../../support/database/database.ts';
import { publishNew } from '../../support/desk/desk.ts';
import { addHook, type Delivery, hookNow, LOOPBACK, logged, onHook, WAIT_MS } from '../../support/desk/webhook-desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { confirmOften } from '../../support/hub/many-entries.ts';
import { type Received, startReceiver } from '../../support/receivers/receiver.ts';

const { url } = await testDatabase();
const { url: apart } = await testDatabase();
const clock = new SetClock(new Date());
const hubs = [
  await startHub({ url, clock, webhookTargets: LOOPBACK }),
  await startHub({ url, clock, webhookTargets: LOOPBACK }),
] as const;
const [hub] = hubs;
afterAll(async () => {
  for (const one of hubs) await one.close();
});

const DAY = 24 * 3600_000;
const heard = (received: readonly unknown[], count: number) => until(() => received.length >= count, WAIT_MS);
const idsOf = (received: readonly Received[]) => received.map(({ signed }) => signed['webhook-id']);
const seconds = (from: string | null, to: string | null) => (Date.parse(to ?? '') - Date.parse(from ?? '')) / 1000;
/** Whether so many attempts ended: one under way still has the times of the one before. */
const isAnswered = (one: Delivery | undefined, attempts: number) =>
  one?.attempts === attempts && (one.state === 'FAILED' || seconds(one.attemptedAt, one.dueAt) > 0);
/** Moves the clock to when a message is tried next; the log tells whole seconds. */
const toNextOf = ({ dueAt }: Delivery) => clock.set(new Date(Date.parse(dueAt ?? '') + 1000));

describe('a message that fails', () => {
  it('is tried ten times over three days, then given up; what is behind waits; after five days the webhook is paused', async () => {
    const { url: to, received, status } = await startReceiver();
    status(500);
    const began = clock.now().getTime();
    const { webhook } = await addHook(hub, to);
    await publishNew(hub, 'Advice');
    await publishNew(hub, 'Advice');
    const waits: number[] = [];
    for (let attempt = 1; attempt <= WAITS_S.length; attempt += 1) {
      const both = ([one, two]: Delivery[]) => isAnswered(one, attempt) && two !== undefined;
      const [first, second] = await logged(hub, webhook.id, both);
      expect([first?.state, first?.endedAt, second?.attempts]).toEqual(['PENDING', null, 0]);
      waits.push(seconds(first?.attemptedAt ?? null, first?.dueAt ?? null));
      toNextOf(first as Delivery);
    }
    waits.forEach((wait, index) => {
      const scheduled = WAITS_S[index] ?? 0;
      expect(wait).toBeGreaterThanOrEqual(scheduled - 1);
      expect(wait).toBeLessThanOrEqual(scheduled * 1.1 + 1);
    });
    const [lost] = await logged(hub, webhook.id, ([one]) => one?.state === 'FAILED');
    expect(lost).toMatchObject({ attempts: 10, status: 500, fault: 'le serveur répond 500', dueAt: null });
    expect(new Set(idsOf(received.slice(0, 10)))).toEqual(new Set([lost?.id]));
    expect(new Set(received.slice(0, 10).map(({ body }) => body)).size).toBe(1);

    for (let attempt = 1; ; attempt += 1) {
      const [, next] = await logged(hub, webhook.id, ([, two]) => isAnswered(two, attempt));
      const { paused } = await hookNow(hub, webhook.id);
      if (paused) break;
      toNextOf(next as Delivery);
    }
    const failing = await hookNow(hub, webhook.id);
    expect(failing).toMatchObject({ paused: 'FAILING', pending: 0 });
    expect(clock.now().getTime() - began).toBeGreaterThanOrEqual(5 * DAY);
    status(204);
    const before = received.length;
    await onHook(hub, 'resumeWebhook', { id: webhook.id, version: failing.version, after: failing.cursor });
    const log = await logged(hub, webhook.id, (all) => all.every(({ state }) => state === 'DELIVERED'));
    expect(idsOf(received.slice(before))).toEqual(log.map(({ id }) => id));
    expect(await hookNow(hub, webhook.id)).toMatchObject({ paused: null, failingSince: null });
  });

  it('holds back those behind it, so that they come in order', async () => {
    const { url: to, received, status } = await startReceiver();
    status(500);
    const { webhook } = await addHook(hub, to);
    const { id } = await publishNew(hub, 'Advice');
    await confirmOften(url, id, 4);
    const log = await logged(hub, webhook.id, (all) => all.length === 5 && all[0]?.status === 500);
    expect(log.map(({ attempts }) => attempts)).toEqual([1, 0, 0, 0, 0]);
    status(204);
    toNextOf(log[0] as Delivery);
    await heard(received, 6);
    expect(idsOf(received)).toEqual([log[0]?.id, ...log.map((one) => one.id)]);
  });

  it('goes at once when it is sent by hand', async () => {
    const { url: to, received, status } = await startReceiver();
    status(500);
    const { webhook } = await addHook(hub, to);
    await publishNew(hub, 'Advice');
    const [waiting] = await logged(hub, webhook.id, ([one]) => one?.status === 500);
    status(204);
    await hub
      .as('scheduler')
      .request('mutation ($id: ID!) { replayWebhookDelivery(id: $id) { delivery { id } } }', { id: waiting?.id });
    await heard(received, 2);
    expect(idsOf(received)).toEqual([waiting?.id, waiting?.id]);
  });

  it('goes to the new address at once when that is changed', async () => {
    const [old, next] = [await startReceiver(), await startReceiver()];
    old.status(500);
    const { webhook } = await addHook(hub, old.url);
    await publishNew(hub, 'Advice');
    await logged(hub, webhook.id, ([one]) => one?.status === 500);
    const input = { name: 'Ailleurs', url: next.url };
    const changed = await onHook(hub, 'reviseWebhook', { id: webhook.id, version: webhook.version, input });
    expect(changed).toMatchObject({ name: 'Ailleurs', url: next.url, version: 2 });
    await heard(next.received, 1);
    expect(idsOf(next.received)).toEqual(idsOf(old.received));
  });

  it.each([
    [503, '3600', 3600],
    [429, '7200', 7200],
    [503, '9999999', 86_400],
    [500, '3600', 5],
  ])('waits after %s with Retry-After: %s', async (code, header, expected) => {
    const { url: to, status } = await startReceiver();
    status(code, { 'retry-after': header });
    const { webhook } = await addHook(hub, to);
    await publishNew(hub, 'Advice');
    const [first] = await logged(hub, webhook.id, ([one]) => one?.status === code);
    // It waits from the answer on, which may take its time.
    const late = seconds(first?.attemptedAt ?? null, first?.dueAt ?? null) - expected;
    expect(Math.abs(late)).toBeLessThan(60);
  });

  it('is not sent where a redirect leads', async () => {
    const [inside, outside] = [await startReceiver(), await startReceiver()];
    outside.status(307, { location: inside.url });
    const { webhook } = await addHook(hub, outside.url);
    await publishNew(hub, 'Advice');
    const [first] = await logged(hub, webhook.id, ([one]) => one?.status === 307);
    expect(first).toMatchObject({ state: 'PENDING', fault: 'le serveur répond 307' });
    expect(inside.received).toEqual([]);
  });

  it('for want of an answer delays nobody else', async () => {
    const [silent, quick] = [await startReceiver(() => undefined), await startReceiver()];
    const { webhook } = await addHook(hub, silent.url);
    await addHook(hub, quick.url);
    await publishNew(hub, 'Advice');
    await heard(silent.received, 1);
    await publishNew(hub, 'Advice');
    await heard(quick.received, 2);
    const [first] = await logged(hub, webhook.id, ([one]) => Boolean(one?.fault));
    expect(first).toMatchObject({ status: null, fault: 'le serveur ne répond pas à temps', attempts: 1 });
  });

  it('to nobody says so', async () => {
    const { webhook } = await addHook(hub, 'http://127.0.0.1:1/hook');
    await publishNew(hub, 'Advice');
    const [first] = await logged(hub, webhook.id, ([one]) => Boolean(one?.fault));
    expect(first).toMatchObject({ status: null, fault: 'le serveur ne peut être joint (ECONNREFUSED)' });
  });
});

describe('an answer', () => {
  it('without end is cut, and counts by its status', async () => {
    const closed: Promise<unknown>[] = [];
    let written = 0;
    const { url: to } = await startReceiver((response) => {
      closed.push(once(response, 'close'));
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536))) written += 65_536;
      };
      response.on('drain', more);
      more();
    });
    const { webhook } = await addHook(hub, to);
    await publishNew(hub, 'Advice');
    await logged(hub, webhook.id, ([one]) => one?.state === 'DELIVERED');
    await Promise.all(closed);
    expect(written).toBeLessThan(50_000_000);
  });
});

it('a message under way when the hub ends is given back, and goes out from the next', async () => {
  const { url: to, received, status } = await startReceiver(() => undefined);
  const patient = { ...LOOPBACK, timeoutMs: 60_000 };
  const ending = await startHub({ url: apart, webhookTargets: patient });
  await addHook(ending, to);
  await publishNew(ending, 'Advice');
  await heard(received, 1);
  await ending.close();
  status(204);
  const next = await startHub({ url: apart, webhookTargets: patient });
  await heard(received, 2);
  expect(idsOf(received)).toEqual([received[0]?.signed['webhook-id'], received[0]?.signed['webhook-id']]);
  await next.close();
});

it('two hubs share the work: each message comes once, in order', async () => {
  const receivers = [await startReceiver(), await startReceiver(), await startReceiver()];
  const added = await Promise.all(receivers.map(({ url: to }) => addHook(hub, to)));
  const { id } = await publishNew(hubs[1], 'Advice');
  await confirmOften(url, id, 40);
  for (const [index, { received }] of receivers.entries()) {
    await heard(received, 41);
    const webhook = added[index]?.webhook.id ?? '';
    const log = await logged(hub, webhook, (all) => all.filter(({ state }) => state === 'DELIVERED').length === 41);
    expect(idsOf(received)).toEqual(log.map((one) => one.id));
    expect(log.map(({ position }) => position)).toEqual(log.map((_, place) => (log[0]?.position ?? 0) + place));
  }
});
