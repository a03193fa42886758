import { afterAll, expect, it, onTestFinished } from 'vitest';
import { parisTime, SetClock } from '../../../src/clock.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { draft, publishNew, step } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

const { url } = await testDatabase();
const begin = Date.now();
const clock = new SetClock(new Date(begin));
const hub = await startHub({ url, clock });
afterAll(() => hub.close());

const entriesOf = (thread: string) =>
  withSession(url, async (session) => {
    const { rows } = await session.query<{ type: string; at: Date; verified: string }>(
      `select type, at, document->>'verifiedAt' as verified from journal_entry where subject = $1 order by position`,
      [thread],
    );
    return rows;
  });

it('a change is dated no earlier than the one before it, where the clock went back in between', async () => {
  const { id } = await publishNew(hub);
  clock.set(new Date(begin - 600_000));
  await hub.as('editor').request('mutation ($id: ID!) { verifyPublication(id: $id) { asOf } }', { id });
  clock.set(new Date(begin));
  const [first, second] = await entriesOf(id);
  expect(second).toEqual({ type: 'VERIFIED', at: first?.at, verified: first?.verified });
});

/** The id of an alert that the clock shall publish so many milliseconds after the beginning. */
async function scheduled(afterMs: number): Promise<string> {
  const submitted = await step(hub, 'submitDossier', 'editor', await draft(hub, 'Alert'));
  const { id, version } = await step(hub, 'approveDossier', 'validator', submitted);
  await hub
    .as('validator')
    .request(
      'mutation ($id: ID!, $version: Int!, $at: DateTime!) { publishDossier(id: $id, version: $version, at: $at) { dossier { id } } }',
      { id, version, at: parisTime(new Date(begin + afterMs)) },
    );
  return id;
}

it('what PostgreSQL refuses at its hour holds up nothing that comes after it', async () => {
  const [refused, next] = [await scheduled(20_000), await scheduled(21_000)];
  const refusing = `create function refuse_one() returns trigger language plpgsql as $$
    begin raise exception 'not this one' using errcode = 'TOC01'; end $$;
    create trigger refuse_one before insert on journal_entry for each row
      when (new.subject = '${refused}') execute function refuse_one()`;
  await withSession(url, (session) => session.query(refusing));
  onTestFinished(() =>
    withSession(url, (session) => session.query('drop function refuse_one cascade')).then(() => undefined),
  );
  clock.set(new Date(begin + 30_000));
  await expect
    .poll(async () => (await entriesOf(next)).map(({ type }) => type), { timeout: PATIENCE_MS })
    .toEqual(['PUBLISHED']);
  expect(await entriesOf(refused)).toEqual([]);
});

it('any hub publishes what is five seconds late, whoever holds the lease', async () => {
  const id = await scheduled(60_000);
  // Another process, which does nothing, holds it for longer than this test lasts.
  const hold = () =>
    withSession(url, (session) =>
      session.query(`update timekeeping_lease set holder = gen_random_uuid(), fencing = fencing + 1,
        until = now() + interval '19 seconds',
        session = (select pid from pg_stat_activity where backend_type = 'checkpointer')`),
    );
  const leads = async () =>
    /^tocsin_timekeeper_leads (\d)$/m.exec(await (await fetch(`${hub.url}/metrics`)).text())?.[1];
  await hold();
  await expect.poll(leads).toBe('0');
  clock.set(new Date(begin + 63_900));
  await hold();
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect(await entriesOf(id)).toEqual([]);
  await hold();
  clock.set(new Date(begin + 65_100));
  await expect.poll(async () => (await entriesOf(id)).map(({ type }) => type)).toEqual(['PUBLISHED']);
  expect(await leads()).toBe('0');
});
