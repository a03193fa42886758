import { expect, it } from 'vitest';
import { tell } from '../../support/tell.ts';
import { FAULTS } from './checker.ts';
import { type Outcome, runFaults } from './run.ts';

/** `npm run faults -- --seed 7 --count 300`; a short run with every `npm test`. */
const SEED = Number(process.env.FAULTS_SEED ?? 403);
const COUNT = Number(process.env.FAULTS_COUNT ?? 6);
const HUBS = Number(process.env.FAULTS_HUBS ?? 2);
const FOLLOWERS = Number(process.env.FAULTS_FOLLOWERS ?? 10);
const RATE = Number(process.env.FAULTS_RATE ?? 10);
/** Only somebody who asked for this run wants to see how it goes. */
const say = process.env.FAULTS_COUNT === undefined ? () => undefined : tell;

const counted = (counts: Iterable<[string, number]>, digits = 0): string =>
  [...counts].map(([name, count]) => `${name} ${count.toFixed(digits)}`).join(', ');

function summaryOf(outcome: Outcome): string[] {
  const { found, faults, recoveries, mutations, retries, entries, deliveries, minutes } = outcome;
  const { connections, ends, failedStarts } = outcome;
  return [
    `Seed ${SEED}, ${COUNT} faults, ${HUBS} hubs, ${FOLLOWERS} followers, ${minutes.toFixed(1)} minutes.`,
    `Faults: ${counted(faults)}.`,
    `Longest recovery, in seconds: ${counted(recoveries, 1)}.`,
    `Mutations acknowledged: ${mutations}, sent again ${retries} times. Entries: ${entries}. Connections: ${connections}. Hubs ended ${ends} times, and did not start ${failedStarts} times for want of PostgreSQL.`,
    `Deliveries checked: ${deliveries}. ${counted(FAULTS.map((name) => [name, found[name]]))}.`,
  ];
}

it(`nothing is lost, doubled or turned round by ${COUNT} random faults of ${HUBS} hubs (seed ${SEED})`, {
  timeout: 24 * 3_600_000,
}, async () => {
  const outcome = await runFaults({ seed: SEED, count: COUNT, hubs: HUBS, followers: FOLLOWERS, rate: RATE, say });
  for (const line of summaryOf(outcome)) tell(line);
  expect([...outcome.faults.values()].reduce((sum, count) => sum + count, 0)).toBe(COUNT);
  const ended = (['hub killed', 'leader killed', 'hub told to end'] as const).filter((kind) =>
    outcome.faults.has(kind),
  );
  expect(outcome.ends).toBeGreaterThanOrEqual(Math.min(1, ended.length));
  expect(outcome.deliveries).toBeGreaterThan(COUNT * FOLLOWERS);
  expect(Object.values(outcome.found).every((count) => count === 0)).toBe(true);
});
