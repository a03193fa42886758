import { expect, it } from 'vitest';
import { UnnamedProxies } from '../../../src/allowance/unnamed-proxies.ts';

const HOUR = 3_600_000;

function watched() {
  const told: string[] = [];
  const clock = { now: 1 };
  const unnamed = new UnnamedProxies(
    (peer) => told.push(peer),
    () => clock.now,
  );
  return { told, clock, seen: unnamed.seen };
}

it('tells of each peer once an hour', () => {
  const { told, clock, seen } = watched();
  for (const peer of ['10.0.0.1', '10.0.0.1', '10.0.0.2', '10.0.0.1']) seen(peer);
  expect(told).toEqual(['10.0.0.1', '10.0.0.2']);
  clock.now += HOUR - 1;
  seen('10.0.0.1');
  expect(told).toHaveLength(2);
  clock.now += 2;
  for (const peer of ['10.0.0.1', '10.0.0.1']) seen(peer);
  expect(told).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.1']);
});

it('tells of fifty peers in an hour, from however many addresses a client comes, and of others after it', () => {
  const { told, clock, seen } = watched();
  const flood = (network: number) => {
    for (let host = 0; host < 5_000; host += 1) seen(`2001:db8:${network}::${host.toString(16)}`);
  };
  flood(1);
  flood(2);
  expect(told).toHaveLength(50);
  expect(new Set(told).size).toBe(50);
  clock.now += HOUR + 1;
  seen('10.0.0.1');
  expect(told.at(-1)).toBe('10.0.0.1');
});
