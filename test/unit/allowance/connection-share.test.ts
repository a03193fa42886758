import { describe, expect, it } from 'vitest';
import { Allowance } from '../../../src/allowance/allowance.ts';
import { type AllowanceLimits, NO_LIMITS } from '../../../src/allowance/bounds.ts';
import { type Asked, clientAddress } from '../../../src/allowance/client-address.ts';

const HERE = { headers: {}, socket: { remoteAddress: '192.0.2.1' } } as Asked;

function clockwork(limits: Partial<AllowanceLimits> = {}) {
  const clock = { now: 0 };
  const bounds = { ...NO_LIMITS, connectionPoints: 5, connectionBurst: 500, ...limits };
  return { clock, allowance: new Allowance(bounds, clientAddress([]), () => clock.now) };
}

/** How often something is let through before it is refused. */
function timesOf(act: () => boolean): number {
  for (let times = 0; times < 10_000; times += 1) if (!act()) return times;
  return 10_000;
}

describe('what one connection may send', () => {
  it('is 500 messages at once and five a second, whichever they are', () => {
    const { clock, allowance } = clockwork();
    const share = allowance.share(HERE);
    expect(timesOf(() => share.hear(0))).toBe(500);
    clock.now += 1_000;
    expect(timesOf(() => share.hear(0))).toBe(5);
    clock.now += 3_600_000;
    expect(timesOf(() => share.hear(0))).toBe(500);
    expect(allowance.refused.get('connectionPoints')).toBe(3);
  });

  it('is its own: another connection of the same address has as much', () => {
    const { allowance } = clockwork();
    const [one, other] = [allowance.share(HERE), allowance.share(HERE)];
    timesOf(() => one.hear(0));
    expect(timesOf(() => other.hear(0))).toBe(500);
  });

  it.each([
    ['a message of a KiB', (share: Share) => share.hear(1_024), 250],
    ['a message of 256 KiB', (share: Share) => share.hear(256 * 1_024), 1],
    ['256 characters of a document that nobody has seen', (share: Share) => share.read(256), 500],
    ['a document that everybody has', (share: Share) => share.read(0), 10_000],
    ['a document of 40,000 characters', (share: Share) => share.read(40_000), 3],
  ])('has room for %s so often', (_what, act, times) => {
    const share = clockwork().allowance.share(HERE);
    expect(timesOf(() => act(share))).toBe(times);
  });

  it('is a tenth while its address has nothing left, and whole again when it has', () => {
    const { clock, allowance } = clockwork({ addressPoints: 1_000 });
    const share = allowance.share(HERE);
    allowance.anonymous(HERE).spend(30_000);
    expect(timesOf(() => share.hear(0))).toBe(50);
    clock.now += 3_600_000;
    expect(timesOf(() => share.hear(0))).toBe(500);
  });

  it('begins what its message asks for where something was left when that came, and nothing after it', () => {
    const { clock, allowance } = clockwork({ addressPoints: 1_000 });
    const share = allowance.share(HERE);
    share.hear(200_000);
    expect(() => share.admit(200)).not.toThrow();
    share.hear(0);
    expect(() => share.admit(200)).toThrow('your address has asked for more');
    clock.now += 3_600_000;
    share.hear(0);
    expect(() => share.admit(200)).not.toThrow();
  });

  it('is paid for by the address as well, and then by whom the connection acts for', () => {
    const { allowance } = clockwork({ addressPoints: 1_000, identityPoints: 1_000 });
    const share = allowance.share(HERE);
    share.hear(160_000);
    expect(share.payer.isSpent).toBe(true);
    share.payer = allowance.identity('anne');
    expect(share.payer.isSpent).toBe(false);
    share.leave(160_000);
    share.leave(0);
    expect(share.payer.isSpent).toBe(true);
  });

  it('is without a bound where an operator took it away', () => {
    const share = clockwork({ connectionPoints: 0 }).allowance.share(HERE);
    expect(timesOf(() => share.hear(1_000_000))).toBe(10_000);
  });
});

type Share = ReturnType<Allowance['share']>;
