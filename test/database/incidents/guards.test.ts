import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../src/development/embedded/processes.ts';
import { incidentFile, newIncident, onIncident, type SeenIncident } from '../../support/crisis-cell/incident-desk.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, draft, openIncident, publishNew, step } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

/** What PostgreSQL itself refuses of incidents, to the owner of the tables, whatever our own code does. */
const { url } = await testDatabase();
const hub = await startHub({ url });
const owner = new pg.Client({ connectionString: url });
beforeAll(() => owner.connect());
afterAll(async () => {
  await owner.end();
  await hub.close();
});

const REFUSED = { code: 'TOC01' };
const NEVER = { code: 'TOC02' };
const run = async <R extends object>(statement: string, ...values: unknown[]) =>
  (await owner.query<R>(statement, values)).rows;
const CLOSE = `update incident set state = 'CLOSED', level = 'STANDBY', left_running = $2 where id = $1`;
const slug = () => `crue-${Math.random().toString(36).slice(2)}`;

/** Resolves once some session waits for a lock. */
const somebodyWaits = async (): Promise<number> => {
  let pid = 0;
  const found = await until(async () => {
    const [row] = await run<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    pid = row?.pid ?? 0;
    return pid !== 0;
  }, PATIENCE_MS);
  if (!found) throw new Error('nobody waits for a lock');
  return pid;
};

describe('an incident', () => {
  it('keeps its mode, and is never deleted (I-37)', async () => {
    const id = await openIncident(hub, slug(), 'EXERCISE');
    for (const change of [`mode = 'ACTUAL'`, 'id = gen_random_uuid()', `opened_at = opened_at - interval '1 day'`])
      await expect(run(`update incident set ${change} where id = $1`, id)).rejects.toMatchObject(NEVER);
    await expect(run('delete from incident where id = $1', id)).rejects.toMatchObject(NEVER);
    for (const table of ['incident', 'incident_period', 'incident_level_change'])
      await expect(run(`truncate ${table} cascade`)).rejects.toMatchObject(NEVER);
  });

  it('has one period at a time, which is closed once', async () => {
    const id = await openIncident(hub, slug());
    const insert = 'insert into incident_period (id, incident_id, opened_at) values (gen_random_uuid(), $1, now())';
    await expect(run(insert, id)).rejects.toMatchObject({ code: '23505' });
    for (const change of [`opened_for = 'x'`, `opened_at = now()`])
      await expect(run(`update incident_period set ${change} where incident_id = $1`, id)).rejects.toMatchObject(NEVER);
    const close = `update incident_period set closed_at = now(), closed_for = 'x' where incident_id = $1`;
    await run(close, id);
    await expect(run(close, id)).rejects.toMatchObject(NEVER);
    await expect(run('delete from incident_period where incident_id = $1', id)).rejects.toMatchObject(NEVER);
  });

  it('keeps the levels that staff set', async () => {
    const { id } = await newIncident(hub, slug());
    await onIncident(hub, 'duty', 'setIncidentLevel', { id, version: 1, level: 'FULL', reason: 'La crue monte.' });
    await expect(run(`update incident_level_change set reason = 'x' where incident_id = $1`, id)).rejects.toMatchObject(
      NEVER,
    );
    await expect(run(CLOSE.replace('STANDBY', 'FULL'), id, [])).rejects.toMatchObject(REFUSED);
  });
});

describe('a publication has the mode of its incident (I-37)', () => {
  it('when a hub that does not check publishes it, and when it changes its incident', async () => {
    const [real, drill] = [await openIncident(hub, slug()), await openIncident(hub, slug(), 'EXERCISE')];
    const { id } = await publishNew(hub, 'Alert', alertInput({ incidentId: real }));
    const move = 'update publication set incident_id = $2 where id = $1';
    await expect(run(move, id, drill)).rejects.toMatchObject(REFUSED);
    await expect(run(`update publication set mode = 'TEST' where id = $1`, id)).rejects.toMatchObject(REFUSED);

    const written = await draft(hub, 'Alert', alertInput({ incidentId: real }));
    // As a hub would have left it that asks for no mode.
    await run(
      `update revision set content = jsonb_set(content, '{incidentId}', to_jsonb($2::text)) where dossier_id = $1`,
      written.id,
      drill,
    );
    const approved = await step(
      hub,
      'approveDossier',
      'validator',
      await step(hub, 'submitDossier', 'editor', written),
    );
    await expect(step(hub, 'publishDossier', 'validator', approved)).rejects.toThrow(/FORBIDDEN/);
    expect(await run('select 1 from publication where id = $1', written.id)).toEqual([]);
  });

  it('unless it had another before this was held', async () => {
    const [real, drill] = [await openIncident(hub, slug()), await openIncident(hub, slug(), 'EXERCISE')];
    const { id } = await publishNew(hub, 'Alert', alertInput({ incidentId: real }));
    await withSession(url, async (session) => {
      await session.query('set session_replication_role = replica');
      await session.query('update publication set incident_id = $2 where id = $1', [id, drill]);
    });
    await run(
      'update publication set revised_at = revised_at, incident_id = incident_id, mode = mode where id = $1',
      id,
    );
  });
});

describe('an incident closes only over what is named as left running (I-38)', () => {
  it('whatever a hub checks', async () => {
    const incident = await openIncident(hub, slug());
    const { id } = await publishNew(hub, 'Alert', alertInput({ incidentId: incident }));
    await expect(run(CLOSE, incident, [])).rejects.toMatchObject(REFUSED);
    await run(CLOSE, incident, [id]);
    await expect(run(`update incident set left_running = '{}' where id = $1`, incident)).rejects.toMatchObject(NEVER);
  });

  it(
    'also where something is published at that moment',
    async () => {
      const incident = await newIncident(hub, slug());
      const input = alertInput({ incidentId: incident.id });
      const approved = await step(
        hub,
        'approveDossier',
        'validator',
        await step(hub, 'submitDossier', 'editor', await draft(hub, 'Alert', input)),
      );
      // Publishing has locked the incident when it comes to the head of the journal, where it is held here.
      await run('begin');
      await run('select from journal_head for update');
      const publishing = step(hub, 'publishDossier', 'validator', approved);
      await somebodyWaits();
      const { id, version } = incident;
      const closing = onIncident(hub, 'validator', 'closeIncident', { id, version, reason: 'Décrue.' });
      const refused = expect(closing).rejects.toThrow(/WRONG_STAGE|FORBIDDEN/);
      await run('commit');
      await publishing;
      await refused;
      expect(await incidentFile(hub, { id })).toMatchObject({ state: 'OPEN' });
    },
    PATIENCE_MS * 2,
  );
});

describe('a hub that is killed while it closes an incident', () => {
  it(
    'leaves it open and its period too, and the next one closes it',
    async () => {
      const incident: SeenIncident = await newIncident(hub, slug());
      const { id, version } = incident;
      const close = () => onIncident(hub, 'validator', 'closeIncident', { id, version, reason: 'Décrue.' });
      await run('begin');
      await run('select from audit_head for update');
      const lost = expect(close()).rejects.toThrow();
      await run('select pg_terminate_backend($1)', await somebodyWaits());
      await lost;
      await run('commit');
      expect(await incidentFile(hub, { id })).toEqual(incident);
      expect(await close()).toMatchObject({ state: 'CLOSED', periods: [{ closedFor: 'Décrue.' }] });
    },
    PATIENCE_MS * 2,
  );
});
