import { expect, it } from 'vitest';
import { Allowance } from '../../../src/allowance/allowance.ts';
import { type AllowanceLimits, NO_LIMITS } from '../../../src/allowance/bounds.ts';
import { type Asked, clientAddress } from '../../../src/allowance/client-address.ts';
import { HubError } from '../../../src/errors.ts';

const at = (remoteAddress: string): Asked => ({ headers: {}, socket: { remoteAddress } }) as Asked;

function clockwork(limits: Partial<AllowanceLimits>) {
  const clock = { now: 0 };
  return { clock, allowance: new Allowance({ ...NO_LIMITS, ...limits }, clientAddress([]), () => clock.now) };
}

function refusal(act: () => unknown): HubError | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof HubError) return error;
    throw error;
  }
}

it('lets an address spend 20 seconds’ worth at once, and more only when that has come back', () => {
  const { clock, allowance } = clockwork({ addressPoints: 100 });
  allowance.anonymous(at('192.0.2.1')).admit(2_000);
  expect(refusal(() => allowance.anonymous(at('192.0.2.1')).admit(1))).toBeUndefined();
  expect(refusal(() => allowance.anonymous(at('192.0.2.1')).admit(1))).toMatchObject({
    code: 'TOO_MANY_REQUESTS',
    facts: { retryAfterSeconds: 1, limit: { name: 'addressPoints', weight: 2_001, most: 2_000 } },
  });
  expect(refusal(() => allowance.anonymous(at('192.0.2.2')).admit(1))).toBeUndefined();
  clock.now += 1_000;
  expect(refusal(() => allowance.anonymous(at('192.0.2.1')).admit(1))).toBeUndefined();
  expect(allowance.refused.get('addressPoints')).toBe(1);
});

it('has what turned out to cost more than there was paid back first', () => {
  const { clock, allowance } = clockwork({ identityPoints: 100 });
  const payer = allowance.identity('anne');
  payer.spend(7_000);
  expect(refusal(() => payer.admit(1))?.facts.retryAfterSeconds).toBe(50);
  clock.now += 49_000;
  expect(refusal(() => payer.admit(1))?.facts.retryAfterSeconds).toBe(1);
  clock.now += 1_000;
  expect(refusal(() => payer.admit(1))).toBeUndefined();
});

it('gives a machine its own quota, and no other, whatever bound everybody has', () => {
  for (const limits of [{ identityPoints: 1_000 }, {}]) {
    const { clock, allowance } = clockwork(limits);
    const machine = allowance.identity('machine', 100);
    machine.admit(2_000);
    expect(refusal(() => machine.admit(1))).toBeUndefined();
    expect(refusal(() => machine.admit(1))?.facts).toMatchObject({
      retryAfterSeconds: 1,
      limit: { name: 'identityPoints', weight: 2_001, most: 2_000 },
    });
    expect(refusal(() => allowance.identity('another', 100).admit(1))).toBeUndefined();
    expect(refusal(() => allowance.identity('anne').admit(2_001))).toBeUndefined();
    clock.now += 1_000;
    expect(refusal(() => machine.admit(1))).toBeUndefined();
  }
});

it('gives the lines of one IPv6 customer ten times the allowance of a line together', () => {
  const { allowance } = clockwork({ addressPoints: 100 });
  const lines = Array.from({ length: 30 }, (_, n) => at(`2001:db8:1:${(0x2300 + n).toString(16)}::1`));
  const admitted = lines.filter((line) => !refusal(() => allowance.anonymous(line).admit(2_000)));
  expect(admitted).toHaveLength(11);
  expect(refusal(() => allowance.anonymous(at('2001:db8:1:2400::1')).admit(1))).toBeUndefined();
});

it('keeps a share for the desk when all others have spent theirs', () => {
  const { allowance } = clockwork({ anonymousPoints: 100, identityPoints: 100 });
  for (let n = 1; n <= 4; n += 1) allowance.anonymous(at(`192.0.2.${n}`)).spend(600);
  expect(refusal(() => allowance.anonymous(at('192.0.2.9')).admit(1))?.facts.limit?.name).toBe('anonymousPoints');
  expect(refusal(() => allowance.identity('anne').admit(1))).toBeUndefined();
});

it('counts open streams by address, and those that closed no more', () => {
  const { allowance } = clockwork({ addressStreams: 2 });
  const [first] = [allowance.openStream(at('192.0.2.1')), allowance.openStream(at('192.0.2.1'))];
  expect(refusal(() => allowance.openStream(at('192.0.2.1')))?.facts.limit).toEqual({
    name: 'addressStreams',
    weight: 3,
    most: 2,
  });
  expect(refusal(() => allowance.openStream(at('192.0.2.2')))).toBeUndefined();
  first?.();
  first?.();
  expect(refusal(() => allowance.openStream(at('192.0.2.1')))).toBeUndefined();
  expect(refusal(() => allowance.openStream(at('192.0.2.1')))).toBeDefined();
});

it('bounds how fast an address opens streams, whether or not they close', () => {
  const { allowance } = clockwork({ addressHandshakes: 1 });
  for (let n = 0; n < 21; n += 1) allowance.openStream(at('192.0.2.1'))();
  expect(refusal(() => allowance.openStream(at('192.0.2.1')))?.facts.limit?.name).toBe('addressHandshakes');
});

it('lets an address save some subscriptions to push in an hour, and all together some in a minute', () => {
  const { clock, allowance } = clockwork({ pushSaves: 3 });
  for (let n = 0; n < 4; n += 1) allowance.savesPush(at('192.0.2.1'));
  expect(refusal(() => allowance.savesPush(at('192.0.2.1')))?.facts.limit?.name).toBe('pushSaves');
  expect(refusal(() => allowance.savesPush(at('192.0.2.2')))).toBeUndefined();
  clock.now += 1_300_000;
  expect(refusal(() => allowance.savesPush(at('192.0.2.1')))).toBeUndefined();
  for (let n = 0; n < 199; n += 1) allowance.savesPush(at(`198.51.${n}.1`));
  expect(refusal(() => [1, 2, 3].map((n) => allowance.savesPush(at(`203.0.113.${n}`))))?.code).toBe(
    'TOO_MANY_REQUESTS',
  );
});

it('looks at no new token of an address that sent many bad ones, and still at those that were good', async () => {
  const { allowance } = clockwork({ failedTokens: 1 });
  let looks = 0;
  const look = (token: string) =>
    allowance.checked(at('192.0.2.1'), token, async () => {
      looks += 1;
      if (token !== 'good') throw new HubError('UNAUTHENTICATED', 'this token is not good');
      return token;
    });
  await look('good');
  for (let n = 0; n < 40; n += 1) await look(`bad ${n}`).catch(() => undefined);
  expect(looks).toBe(22);
  await expect(look('another')).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  await expect(look('good')).resolves.toBe('good');
});

it('lets 5,000 phones behind one address come at once, and ask what is not kept, by the default settings', async () => {
  const { limits } = (await import('../../../src/config.ts')).readConfig({});
  const { clock, allowance } = clockwork(limits);
  const phones = at('192.0.2.1');
  const shares = Array.from({ length: 5_000 }, () => {
    allowance.openStream(phones);
    const share = allowance.share(phones);
    // Its greeting, and a subscription that everybody has.
    share.hear(100);
    share.hear(500);
    share.admit(200);
    return share;
  });
  // A few documents, worked out anew as often as something is published: each second of ten minutes.
  for (let second = 0; second < 600; second += 1) {
    clock.now += 1_000;
    // A ping of its own every 15 seconds, and a pong for the hub's every 12.
    for (const [phone, share] of shares.entries())
      if ((phone + second) % 15 === 0 || (phone + second) % 12 === 0) share.hear(20);
    for (let document = 0; document < 6; document += 1) {
      const payer = allowance.anonymous(phones);
      payer.admit(1_000);
      payer.spend(20_000);
    }
  }
  expect([...allowance.refused]).toEqual([]);
});
