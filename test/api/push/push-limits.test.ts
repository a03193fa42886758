import { afterAll, describe, expect, it } from 'vitest';
import { SenderKey } from '../../../src/channels/push/envelope/sender-keys.ts';
import { SetClock } from '../../../src/clock.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { publishNew, refusal } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import {
  newPushKey,
  pushesTo,
  pushInput,
  pushKeyOf,
  pushSecrets,
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
const { url: apart } = await testDatabase();
const clock = new SetClock(new Date());
const secrets = pushSecrets();
const service = await startPushService();
const more = { push: secrets, pushTargets: await pushTargets() };
const hub = await startHub({ url, clock, more });
afterAll(async () => {
  await hub.close();
  await service.close();
});

const subscribe = () => PushReader.subscribe(service.origin);
const rows = (text: string, values: unknown[] = []) =>
  withSession(url, async (session) => (await session.query<Record<string, unknown>>(text, values)).rows);

describe('limits', () => {
  it('an address saves so many in an hour, and no more; another one goes on', async () => {
    const limits = { pushSaves: 3 };
    const bounded = await startHub({ url, limits, trustedProxies: ['127.0.0.1'], more });
    try {
      const input = await pushInput(bounded, await subscribe());
      const from = async (address: string) => {
        const answer = await fetch(`${bounded.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
          body: JSON.stringify({
            query: 'mutation ($input: PushInput!) { savePush(input: $input) { secret } }',
            variables: { input },
          }),
        });
        const { errors } = (await answer.json()) as { errors?: { extensions: object }[] };
        return errors?.[0]?.extensions;
      };
      const first = [await from('192.0.2.1'), await from('192.0.2.1'), await from('192.0.2.1')];
      expect(first).toEqual([undefined, undefined, undefined]);
      await expect
        .poll(() => from('192.0.2.1'), { timeout: PATIENCE_MS })
        .toMatchObject({ code: 'TOO_MANY_REQUESTS', limit: { name: 'pushSaves' } });
      expect(await from('192.0.2.2')).toBeUndefined();
      // Many in one document are counted each.
      const many = Array.from({ length: 20 }, (_, at) => `s${at}: savePush(input: $input) { secret }`).join(' ');
      const error = await refusal(bounded.as().request(`mutation ($input: PushInput!) { ${many} }`, { input }));
      expect(error.code).toBe('TOO_MANY_REQUESTS');
    } finally {
      await bounded.close();
    }
  });

  it('no more than a thousand wait to be confirmed', async () => {
    await rows(
      `insert into push_subscription (id, digest, sealed, key_id, service, least, modes, language, secret_hash, created_at, renewed_at, greeted, failed)
       select gen_random_uuid(), 'planted ' || n, '', '', 'x', 0, '{ACTUAL}', 'fr-FR', '', $1, $1, 3, 0 from generate_series(1, 1000) n`,
      [clock.now()],
    );
    const { code } = await refusal(savePushAs(hub, await pushInput(hub, await subscribe())));
    expect(code).toBe('TOO_MANY_REQUESTS');
    await rows(`delete from push_subscription where digest like 'planted %'`);
    expect(await savePushAs(hub, await pushInput(hub, await subscribe()))).toBeDefined();
  });
});

describe('keys of the hub', () => {
  it('stay with the endpoint that was made with them: its service would refuse every push by another one', async () => {
    const keys = [newPushKey(), newPushKey()];
    const both = await startHub({ url: apart, clock, more: { ...more, push: { ...secrets, keys } } });
    try {
      const reader = await subscribe();
      await subscribed(both, service, reader);
      const [, other] = keys.map((pem) => new SenderKey(pem).id);
      const moved = await pushInput(both, reader, { key: other });
      expect((await refusal(savePushAs(both, moved))).code).toBe('CONFLICT');
    } finally {
      await both.close();
    }
  });

  it('that are new are told to apps, and earlier subscriptions go on under theirs', async () => {
    const reader = await subscribe();
    await subscribed(hub, service, reader);
    const before = await pushKeyOf(hub);
    const keys = [newPushKey(), ...secrets.keys];
    const rotated = await startHub({ url, clock, more: { ...more, push: { ...secrets, keys } } });
    await hub.close();
    try {
      expect(await pushKeyOf(rotated)).not.toBe(before);
      await publishNew(rotated);
      const [, push] = await pushesTo(service, reader, 2);
      expect(await vapidOf(push as ReceivedPush, service.origin)).toMatchObject({ key: before });
    } finally {
      await rotated.close();
    }
  });

  it('are not there where the operator gave none: no push is offered', async () => {
    const without = await startHub({ url, clock });
    try {
      expect(await without.as().request('{ pushKey }')).toEqual({ pushKey: null });
      const input = { ...(await subscribe()), key: 'a', where: {} };
      const { endpoint, p256dh, auth, key, where } = input;
      const { code } = await refusal(savePushAs(without, { endpoint, p256dh, auth, key, where }));
      expect(code).toBe('WRONG_STAGE');
    } finally {
      await without.close();
    }
  });
});
