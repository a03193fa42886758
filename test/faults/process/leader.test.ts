import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { GraphQLClient } from 'graphql-request';
import { expect, it, onTestFinished } from 'vitest';
import { parisTime } from '../../../src/clock.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { temporaryFolder } from '../../support/database/embedded.ts';
import { FaultProxy } from '../../support/database/fault-proxy.ts';
import { alertInput, type Desk, draft, publishNew, step } from '../../support/desk/desk.ts';
import { readiness } from '../../support/hub/readiness.ts';
import { addressOf, startHubProcess } from '../../support/hub/started-hub.ts';

const { url: databaseUrl } = await testDatabase();

/** The hub that keeps time, and another one beside it; the first is reached as `through` says. */
async function leaderAndOther(through: string) {
  const dataDir = await temporaryFolder();
  const start = async (url: string) => {
    const env = { PORT: '0', DATABASE_URL: url, TOCSIN_DATA_DIR: dataDir, TOCSIN_DEMO: 'false' };
    const started = startHubProcess({ env });
    return { process: started.process, url: await addressOf(started) };
  };
  const leader = await start(through);
  await expect.poll(() => leads(leader)).toBe(1);
  const other = await start(databaseUrl);
  const tokens = JSON.parse(await readFile(path.join(dataDir, 'dev-tokens.json'), 'utf8'));
  const desk: Desk = {
    as: (persona = 'editor') =>
      new GraphQLClient(`${other.url}/graphql`, { headers: { authorization: `Bearer ${tokens[persona]}` } }),
  };
  return { leader, other, desk };
}

const figure = async ({ url }: { url: string }, name: string): Promise<number> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
};
const leads = (hub: { url: string }) => figure(hub, 'tocsin_timekeeper_leads');

const inSeconds = (seconds: number): string => parisTime(new Date(Date.now() + seconds * 1000));

/** An alert that is approved, and published in eight seconds; and one that is public, and ends in eight. */
async function twoAppointments(desk: Desk) {
  const submitted = await step(desk, 'submitDossier', 'editor', await draft(desk, 'Alert'));
  const approved = await step(desk, 'approveDossier', 'validator', submitted);
  const ending = await publishNew(desk, 'Alert', alertInput({ endsAt: inSeconds(12) }));
  await desk
    .as('validator')
    .request(
      'mutation ($id: ID!, $version: Int!, $at: DateTime!) { publishDossier(id: $id, version: $version, at: $at) { dossier { id } } }',
      { id: approved.id, version: approved.version, at: inSeconds(8) },
    );
  return { scheduled: approved.id, ending: ending.id };
}

/** The changes of a thread, each with how many seconds it came after `since`. */
const changesOf = (thread: string, since: number) =>
  withSession(databaseUrl, async (session) => {
    const { rows } = await session.query<{ type: string; at: Date }>(
      'select type, at from journal_entry where subject = $1 order by position',
      [thread],
    );
    return rows.map(({ type, at }) => ({ type, after: (at.getTime() - since) / 1000 }));
  });

/** Both appointments are kept, each once, by the hub that is left. */
async function expectKept({ scheduled, ending }: { scheduled: string; ending: string }, since: number): Promise<void> {
  const types = async (thread: string) => (await changesOf(thread, since)).map(({ type }) => type);
  await expect.poll(() => types(scheduled)).toEqual(['PUBLISHED']);
  await expect.poll(() => types(ending)).toEqual(['PUBLISHED', 'ENDED']);
  // Any hub publishes what is five seconds late, eight seconds after the fault; another one keeps time after fifteen.
  expect((await changesOf(scheduled, since))[0]?.after).toBeLessThan(8 + 5 + 4);
  expect((await changesOf(ending, since))[1]?.after).toBeLessThan(12 + 10);
}

it('a leader that is stopped is replaced; when it wakes, nothing that it goes on with counts', async () => {
  const { leader, other, desk } = await leaderAndOther(databaseUrl);
  const appointments = await twoAppointments(desk);
  const since = Date.now();
  leader.process.kill('SIGSTOP');
  onTestFinished(() => void leader.process.kill('SIGCONT'));
  await expect.poll(() => leads(other)).toBe(1);
  expect(Date.now() - since).toBeLessThan(15_000);
  await expectKept(appointments, since);
  expect(await figure(other, 'tocsin_timekeeping_age_seconds')).toBeLessThan(10);

  leader.process.kill('SIGCONT');
  await expect.poll(() => leads(leader)).toBe(0);
  await expect.poll(() => readiness(leader)).toMatchObject({ status: 200, checks: { time: 'ok' } });
  expect(await leads(other)).toBe(1);
  await expectKept(appointments, since);
}, 180_000);

it('a leader that is cut off from PostgreSQL is replaced; when it is back, nothing happens twice', async () => {
  const proxy = await FaultProxy.to(databaseUrl);
  onTestFinished(() => proxy.close());
  const { leader, other, desk } = await leaderAndOther(proxy.databaseUrl);
  const appointments = await twoAppointments(desk);
  const since = Date.now();
  proxy.fallSilent();
  await expect.poll(() => leads(other)).toBe(1);
  expect(Date.now() - since).toBeLessThan(15_000);
  await expectKept(appointments, since);
  await expect.poll(() => leads(leader)).toBe(0);
  await expect
    .poll(() => readiness(leader))
    .toMatchObject({ status: 503, checks: { time: expect.stringContaining('nobody') } });

  proxy.hear();
  await expect.poll(() => readiness(leader)).toMatchObject({ status: 200 });
  expect([await leads(leader), await leads(other)]).toEqual([0, 1]);
  await expectKept(appointments, since);
}, 180_000);
