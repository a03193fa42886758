import { createHash, randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idOf } from '../../support/crisis-cell/duty-desk.ts';
import {
  draftReport,
  freezeNext,
  freezeReport,
  reviseReport,
  type SeenReport,
} from '../../support/crisis-cell/situation-desk.ts';
import { asHubRole } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { openIncident } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

/** What PostgreSQL itself refuses of situation reports, to the role of a hub and to the owner of the tables. */
const { url } = await testDatabase();
const hub = await startHub({ url });
const owner = new pg.Client({ connectionString: url });
const role = new pg.Client({ connectionString: asHubRole(url) });
beforeAll(() => Promise.all([owner.connect(), role.connect()]));
afterAll(async () => {
  await Promise.all([owner.end(), role.end()]);
  await hub.close();
});

const REFUSED = { code: 'TOC01' };
const NEVER = { code: 'TOC02' };
const HASHED = { code: 'TOC03' };
const TAKEN = { code: '23505' };
const editor = await idOf(hub, 'editor');
const opened = () => openIncident(hub, `garde-${randomUUID().slice(0, 13)}`);
const change = (by: pg.Client, { id }: Pick<SeenReport, 'id'>, to: string, ...values: unknown[]) =>
  by.query(`update situation_report set ${to} where id = $1`, [id, ...values]);
const begin = (by: pg.Client, incident: string, [number, edition]: [number, number], replaces: string | null = null) =>
  by.query(
    `insert into situation_report (id, version, incident_id, number, edition, state, parts, replaces_id)
     values (gen_random_uuid(), 1, $1, $2, $3, 'DRAFT', '{}', $4)`,
    [incident, number, edition, replaces],
  );
const text = 'Crue.';
const HASH = createHash('sha256').update(text).digest('hex');
const FREEZE = `state = 'FROZEN', content = '${text}', as_of = now(), epoch = gen_random_uuid(), position = 1,
  log_number = 0, frozen_by_id = '${editor}'`;

describe('a situation report that is frozen (I-41)', () => {
  it.each(['the role of a hub', 'the owner'])('never changes and is never deleted, by %s', async (who) => {
    const by = who === 'the owner' ? owner : role;
    const frozen = await freezeNext(hub, await opened());
    for (const to of [
      `content = content || ' '`,
      `content_hash = '${HASH}'`,
      `as_of = now()`,
      'position = position + 1',
      'log_number = 7',
      `parts = '{}'`,
      'version = version + 1',
      'frozen_by_id = null',
      `organisation = '{}'`,
      `state = 'DRAFT'`,
      `state = 'REPLACED', content = content || ' '`,
    ])
      await expect(change(by, frozen, to), to).rejects.toMatchObject({
        code: expect.stringMatching(/^(TOC02|23514)$/),
      });
    await expect(by.query('delete from situation_report where id = $1', [frozen.id])).rejects.toMatchObject(NEVER);
    const truncated = who === 'the owner' ? NEVER : { code: '42501' };
    await expect(by.query('truncate situation_report')).rejects.toMatchObject(truncated);
  });

  it('has the hash of what it says, and the organisation of the person as it is called', async () => {
    const draft = await draftReport(hub, await opened());
    await expect(change(role, draft, `${FREEZE}, content_hash = $2`, 'f'.repeat(64))).rejects.toMatchObject(HASHED);
    await expect(change(role, draft, `state = 'FROZEN'`)).rejects.toMatchObject({ code: '23514' });
    await change(role, draft, `${FREEZE}, content_hash = $2, organisation = '{"name": "Faux"}'`, HASH);
    const { rows } = await role.query('select organisation from situation_report where id = $1', [draft.id]);
    expect(rows[0].organisation).toMatchObject({ kind: 'DEPARTEMENT', name: 'Département de l’Essonne' });
  });
});

describe('the numbers of situation reports (I-42)', () => {
  it('have no gap, and one draft at a time', async () => {
    const incident = await opened();
    for (const name of [
      [2, 1],
      [0, 1],
      [1, 2],
    ] as [number, number][])
      await expect(begin(role, incident, name)).rejects.toMatchObject(REFUSED);
    await begin(role, incident, [1, 1]);
    await expect(begin(role, incident, [2, 1])).rejects.toMatchObject(TAKEN);
    await expect(begin(role, incident, [1, 1])).rejects.toMatchObject(REFUSED);
    const first = {
      id: (await role.query('select id from situation_report where incident_id = $1', [incident])).rows[0].id,
    };
    for (const to of ['number = 2', 'edition = 2', `incident_id = '${await opened()}'`, 'id = gen_random_uuid()'])
      await expect(change(owner, first, to)).rejects.toMatchObject(NEVER);
    await role.query('delete from situation_report where id = $1', [first.id]);
    await begin(role, incident, [1, 1]);
  });

  it('have none either where a draft goes while another begins', async () => {
    const incident = await opened();
    const frozen = await freezeNext(hub, incident);
    const draft = await draftReport(hub, incident);
    await role.query('begin');
    await role.query('delete from situation_report where id = $1', [draft.id]);
    const begun = draftReport(hub, incident);
    await expect
      .poll(
        async () => (await owner.query(`select from pg_locks where locktype = 'advisory' and not granted`)).rowCount,
      )
      .toBeGreaterThan(0);
    await role.query('commit');
    expect([frozen.number, (await begun).number]).toEqual([1, 2]);
  });

  it('have one edition in force: the last one is replaced, by its next edition, and not before that is frozen', async () => {
    const incident = await opened();
    const first = await freezeNext(hub, incident);
    const last = await freezeNext(hub, incident);
    await expect(begin(role, incident, [1, 2], first.id)).rejects.toMatchObject(REFUSED);
    await expect(begin(role, incident, [2, 3], last.id)).rejects.toMatchObject(REFUSED);
    await expect(begin(role, incident, [3, 2], last.id)).rejects.toMatchObject(REFUSED);
    await expect(begin(role, await opened(), [2, 2], last.id)).rejects.toMatchObject(REFUSED);
    await expect(change(role, last, `state = 'REPLACED'`)).rejects.toMatchObject(REFUSED);
    const again = await reviseReport(hub, await draftReport(hub, incident, last.id));
    await expect(change(role, last, `state = 'REPLACED'`)).rejects.toMatchObject(REFUSED);
    await expect(change(role, again, `${FREEZE}, content_hash = $2`, HASH)).rejects.toMatchObject(TAKEN);
    await freezeReport(hub, again);
    await expect(change(owner, last, `state = 'FROZEN'`)).rejects.toMatchObject(NEVER);
  });
});
