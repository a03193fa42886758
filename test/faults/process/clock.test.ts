import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { GraphQLClient } from 'graphql-request';
import { expect, it } from 'vitest';
import { parisTime } from '../../../src/clock.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { temporaryFolder } from '../../support/database/embedded.ts';
import { alertInput, type Desk, publishNew } from '../../support/desk/desk.ts';
import { readiness } from '../../support/hub/readiness.ts';
import { addressOf, START, startHubProcess } from '../../support/hub/started-hub.ts';

const { url: databaseUrl } = await testDatabase();
const LEAPING = path.join(import.meta.dirname, '../../support/hub/leaping-clock.mjs');
const MINUTES = 60_000;

/** A hub whose clock a test sets, by how many milliseconds it is off. */
async function hubWithClock() {
  const dataDir = await temporaryFolder();
  const file = path.join(dataDir, 'clock');
  const setOff = async (milliseconds: number) => {
    await writeFile(file, String(milliseconds));
    // The hub reads it twenty times a second.
    await pause(200);
  };
  await setOff(0);
  const started = startHubProcess({
    command: [process.execPath, '--import', LEAPING, START],
    env: {
      PORT: '0',
      DATABASE_URL: databaseUrl,
      TOCSIN_DATA_DIR: dataDir,
      TOCSIN_DEMO: 'false',
      TEST_CLOCK_FILE: file,
    },
  });
  const url = await addressOf(started);
  const tokens = JSON.parse(await readFile(path.join(dataDir, 'dev-tokens.json'), 'utf8'));
  const as: Desk['as'] = (persona) =>
    new GraphQLClient(`${url}/graphql`, {
      headers: persona ? { authorization: `Bearer ${tokens[persona]}` } : {},
    });
  return { url, as, setOff };
}

const changesOf = (thread: string) =>
  withSession(databaseUrl, async (session) => {
    const { rows } = await session.query<{ type: string; at: Date; revised: string }>(
      `select type, at, document->>'revisedAt' as revised from journal_entry where subject = $1 order by position`,
      [thread],
    );
    return rows;
  });

it('I-24 a clock that leaps and comes back ends nothing, dates nothing, and is said to be wrong', async () => {
  const hub = await hubWithClock();
  await expect.poll(() => readiness(hub)).toMatchObject({ status: 200, checks: { clock: 'ok' } });
  const soon = await publishNew(hub, 'Alert', alertInput({ endsAt: parisTime(new Date(Date.now() + 5 * MINUTES)) }));
  const state = async () =>
    (
      await hub
        .as()
        .request<{ publication: { state: string } }>('query ($id: ID!) { publication(id: $id) { state } }', soon)
    ).publication.state;

  await hub.setOff(10 * MINUTES);
  expect(await state()).toBe('IN_FORCE');
  await expect
    .poll(() => readiness(hub))
    .toMatchObject({
      status: 503,
      checks: { clock: 'the clock of this machine is 600 s ahead of that of PostgreSQL' },
    });
  await pause(4_000);
  expect(await (await fetch(`${hub.url}/metrics`)).text()).toMatch(/^tocsin_timekeeper_leads 0$/m);
  await hub.setOff(0);
  await expect.poll(() => readiness(hub)).toMatchObject({ status: 200, checks: { clock: 'ok' } });
  expect((await changesOf(soon.id)).map(({ type }) => type)).toEqual(['PUBLISHED']);
  expect(await state()).toBe('IN_FORCE');

  await hub.setOff(-10 * MINUTES);
  await expect
    .poll(async () => (await readiness(hub)).checks.clock)
    .toBe('the clock of this machine is 600 s behind that of PostgreSQL');
  const verified = 'mutation ($id: ID!) { verifyPublication(id: $id) { asOf } }';
  await hub.as('editor').request(verified, { id: soon.id });
  const [first, second] = await changesOf(soon.id);
  expect(second?.at.getTime()).toBeGreaterThanOrEqual(first?.at.getTime() ?? Number.NaN);
  expect(Math.abs(Date.now() - (second?.at.getTime() ?? 0))).toBeLessThan(10_000);
}, 120_000);
