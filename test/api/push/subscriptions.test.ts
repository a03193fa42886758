import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { afterAll, describe, expect, it } from 'vitest';
import { SetClock } from '../../../src/clock.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { publishNew, refusal } from '../../support/desk/desk.ts';
import { RawSocket } from '../../support/following/raw-socket.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';
import { logLines } from '../../support/hub/log-lines.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import {
  confirmPushAs,
  pushesTo,
  pushInput,
  pushKeyOf,
  pushSecrets,
  removePushAs,
  type SavedAs,
  savePushAs,
  subscribed,
} from '../../support/push/push-desk.ts';
import {
  PushReader,
  pushTargets,
  type ReceivedPush,
  startPushService,
  vapidOf,
} from '../../support/receivers/push-service.ts';

const { url } = await testDatabase();
const clock = new SetClock(new Date());
const log = new PassThrough();
const { written } = logLines(log);
const secrets = pushSecrets();
const service = await startPushService();
const more = { push: secrets, pushTargets: await pushTargets() };
const hub = await startHub({ url, clock, logger: pino({ level: 'trace' }, log), more });
afterAll(async () => {
  await hub.close();
  await service.close();
});

const subscribe = () => PushReader.subscribe(service.origin);
const rows = (text: string, values: unknown[] = []) =>
  withSession(url, async (session) => (await session.query<Record<string, unknown>>(text, values)).rows);
const rowOf = async (id: string) => (await rows('select * from push_subscription where id = $1', [id]))[0];
const later = (minutes: number) => clock.set(new Date(clock.now().getTime() + minutes * 60_000));
const codeIn = async (reader: PushReader, push: ReceivedPush | undefined) =>
  (await reader.read(push as ReceivedPush)).tocsin.confirm?.code ?? '';

describe('an app without an account', () => {
  it('subscribes with the hub’s key, and confirms by the code that its first push brings', async () => {
    const reader = await subscribe();
    const key = await pushKeyOf(hub);
    const where = { communes: ['91345'], severityAtLeast: 'SEVERE', kinds: ['ALERT'] };
    const saved = await savePushAs(hub, await pushInput(hub, reader, { where, language: 'en-GB' }));
    expect(saved).toMatchObject({
      subscription: {
        ...{ confirmed: false, kinds: ['ALERT'], communes: [{ code: '91345' }], severityAtLeast: 'SEVERE' },
        ...{ modes: ['ACTUAL'], language: 'en-GB', expiresAt: expect.any(String) },
      },
    });
    const [push] = await pushesTo(service, reader, 1);
    const words = await reader.read(push as ReceivedPush);
    expect(words).toMatchObject({
      notification: { title: 'Notifications are on', lang: 'en-GB' },
      tocsin: { confirm: { id: saved.subscription.id } },
    });
    expect(await vapidOf(push as ReceivedPush, service.origin)).toMatchObject({ key, sub: secrets.subject });
    expect(push?.headers).toMatchObject({ 'content-encoding': 'aes128gcm', ttl: '600', urgency: 'normal' });
    const { confirmPush } = await confirmPushAs(hub, saved.subscription.id, words.tocsin.confirm?.code ?? '');
    expect(confirmPush.subscription).toMatchObject({ id: saved.subscription.id, confirmed: true });
  });

  it('is pushed nothing but its code before it sends that back, and nothing that was before (I-61)', async () => {
    const [waiting, ready] = [await subscribe(), await subscribe()];
    await publishNew(hub);
    const saved = await savePushAs(hub, await pushInput(hub, waiting));
    await subscribed(hub, service, ready);
    await publishNew(hub);
    await pushesTo(service, ready, 2);
    expect(await pushesTo(service, waiting, 1)).toHaveLength(1);
    const [code] = await pushesTo(service, waiting, 1);
    await confirmPushAs(hub, saved.subscription.id, await codeIn(waiting, code));
    const { id } = await publishNew(hub);
    const [, first, ...others] = await pushesTo(service, waiting, 2);
    expect((await waiting.read(first as ReceivedPush)).tocsin.id).toBe(id);
    expect(others).toEqual([]);
  });

  it('saves once more: another wish, another secret, the same subscription', async () => {
    const reader = await subscribe();
    const { subscription, secret } = await subscribed(hub, service, reader);
    const again = await savePushAs(hub, await pushInput(hub, reader, { where: { kinds: ['EVENT'] } }));
    expect(again.subscription).toMatchObject({ id: subscription.id, confirmed: true, kinds: ['EVENT'] });
    expect(again.secret).not.toBe(secret);
    expect((await refusal(removePushAs(hub, subscription.id, secret))).code).toBe('NOT_FOUND');
    expect(await removePushAs(hub, subscription.id, again.secret)).toEqual({
      removePush: { removedId: subscription.id },
    });
    expect(await rowOf(subscription.id)).toBeUndefined();
    expect((await refusal(removePushAs(hub, subscription.id, again.secret))).code).toBe('NOT_FOUND');
  });

  it('is replaced by nobody who knows its endpoint alone', async () => {
    const [reader, other] = [await subscribe(), await subscribe()];
    const { subscription } = await subscribed(hub, service, reader);
    const { endpoint } = reader;
    const stolen = { ...(await pushInput(hub, other)), endpoint };
    expect((await refusal(savePushAs(hub, stolen))).code).toBe('CONFLICT');
    expect(await rowOf(subscription.id)).toMatchObject({ confirmed_at: expect.any(Date) });
    // One that nobody confirmed is anybody's: its code reaches the endpoint's own reader alone.
    const unconfirmed = await savePushAs(hub, { ...(await pushInput(hub, reader)), endpoint: `${endpoint}/2` });
    const taken = await savePushAs(hub, { ...(await pushInput(hub, other)), endpoint: `${endpoint}/2` });
    expect(taken.subscription.id).toBe(unconfirmed.subscription.id);
  });

  it('two that save one endpoint at the same moment have one subscription', async () => {
    const input = await pushInput(hub, await subscribe());
    const both = await Promise.all([savePushAs(hub, input), savePushAs(hub, input), savePushAs(hub, input)]);
    expect(new Set(both.map(({ subscription }) => subscription.id)).size).toBe(1);
  });

  it('confirms by no other code', async () => {
    const [reader, other] = [await subscribe(), await subscribe()];
    const { subscription } = await savePushAs(hub, await pushInput(hub, reader));
    await savePushAs(hub, await pushInput(hub, other));
    const [foreign] = await pushesTo(service, other, 1);
    for (const code of ['', 'a'.repeat(24), await codeIn(other, foreign)])
      expect((await refusal(confirmPushAs(hub, subscription.id, code))).code).toBe('NOT_FOUND');
    expect((await refusal(confirmPushAs(hub, 'no id', 'a'))).code).toBe('NOT_FOUND');
  });
});

describe('the mutations of push', () => {
  it.each(['volunteer', 'editor', 'scheduler', 'admin'] as const)(
    'are for a %s as for anybody else',
    async (persona) => {
      const input = await pushInput(hub, await subscribe());
      const query = 'mutation ($input: PushInput!) { savePush(input: $input) { secret subscription { id } } }';
      const { savePush } = await hub.as(persona).request<{ savePush: SavedAs }>(query, { input });
      expect(savePush.subscription.id).toBeDefined();
    },
  );

  it('make another secret each time, whatever the Idempotency-Key, and keep no answer', async () => {
    const input = await pushInput(hub, await subscribe());
    const save = async () => {
      const answer = await fetch(`${hub.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'idempotency-key': 'once',
          authorization: `Bearer ${tokens.editor}`,
        },
        body: JSON.stringify({
          query: 'mutation ($input: PushInput!) { savePush(input: $input) { secret } }',
          variables: { input },
        }),
      });
      return ((await answer.json()) as { data: { savePush: { secret: string } } }).data.savePush.secret;
    };
    expect(await save()).not.toBe(await save());
    expect(await rows('select from kept_answer')).toEqual([]);
  });

  it('are not taken over a WebSocket, where no address is counted', async () => {
    const input = await pushInput(hub, await subscribe());
    const socket = await new RawSocket(hub.url).init();
    await socket.subscribe('1', 'mutation ($input: PushInput!) { savePush(input: $input) { secret } }', { input });
    await socket.until(() => socket.of('1').length > 0);
    expect(JSON.stringify(socket.of('1'))).toContain('BAD_REQUEST');
    await socket.end();
  });
});

describe('bad input', () => {
  it.each([
    ['an endpoint that leads inwards', { endpoint: 'https://127.0.0.2/a' }, 'input.endpoint'],
    ['one over http', { endpoint: 'http://push.example/a' }, 'input.endpoint'],
    ['a key that is none', { p256dh: 'AAAA' }, 'input.p256dh'],
    ['a secret that is none', { auth: 'AAAA' }, 'input.auth'],
    ['another hub’s key', { key: 'BAAA' }, 'input.key'],
    ['a commune that is none', { where: { communes: ['99999'] } }, 'input.where.communes.0'],
    ['a hazard', { where: { hazards: ['OET-081'] } }, 'input.where.hazards'],
  ])('%s is refused by name, and nothing is kept', async (_what, fault, path) => {
    const before = await rows('select count(*) from push_subscription');
    const input = await pushInput(hub, await subscribe(), fault);
    const { code, fields } = (await refusal(savePushAs(hub, input))) as { code: string; fields?: { path: string }[] };
    expect([code, fields?.map((one) => one.path)]).toEqual(['INVALID_INPUT', [path]]);
    expect(await rows('select count(*) from push_subscription')).toEqual(before);
  });
});

describe('what is kept', () => {
  it('is no address and no secret: neither in the table, nor in the log, the metrics, the audit log or an answer (I-62)', async () => {
    const reader = await subscribe();
    const { subscription, secret } = await subscribed(hub, service, reader);
    await publishNew(hub);
    await pushesTo(service, reader, 2);
    service.status(410);
    await publishNew(hub);
    await expect.poll(() => rowOf(subscription.id), { timeout: PATIENCE_MS }).toBeUndefined();
    service.status(201);
    const again = await subscribed(hub, service, reader);
    const dump = JSON.stringify([
      await rowOf(again.subscription.id),
      await rows('select * from audit_entry'),
      await rows('select * from push_service'),
      await rows('select * from kept_answer'),
    ]);
    const metrics = await (await fetch(`${hub.url}/metrics`)).text();
    const answer = JSON.stringify(
      await refusal(savePushAs(hub, { ...(await pushInput(hub, await subscribe())), endpoint: reader.endpoint })),
    );
    const path = reader.path.slice('/wpush/'.length);
    for (const canary of [path, reader.auth, reader.p256dh, 'push.example', secret, again.secret])
      for (const [where, text] of Object.entries({ dump, metrics, answer, log: written() }))
        expect(text.includes(canary), `${canary} in the ${where}`).toBe(false);
    expect(metrics).toMatch(/tocsin_push_total\{service="other",outcome="gone"\} [1-9]/);
    expect(dump).not.toMatch(/savePush|confirmPush/);
  });

  it('is gone ten minutes later where nobody confirmed it, and 13 months after its app was opened last', async () => {
    const [forgotten, kept] = [await subscribe(), await subscribe()];
    const { subscription } = await savePushAs(hub, await pushInput(hub, forgotten));
    const saved = await subscribed(hub, service, kept);
    later(11);
    await expect.poll(() => rowOf(subscription.id), { timeout: PATIENCE_MS }).toBeUndefined();
    expect(await rowOf(saved.subscription.id)).toBeDefined();
    await rows(`update push_subscription set renewed_at = renewed_at - interval '396 days' where id = $1`, [
      saved.subscription.id,
    ]);
    await expect.poll(() => rowOf(saved.subscription.id), { timeout: PATIENCE_MS }).toBeUndefined();
  });
});
