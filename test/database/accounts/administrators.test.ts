import pg from 'pg';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

/** What PostgreSQL itself refuses of roles and invitations, to the owner of the tables, whatever our own code does. */
const { url } = await testDatabase();
const owner = new pg.Client({ connectionString: url });
beforeAll(() => owner.connect());
afterAll(() => owner.end());

const ISSUER = 'https://issuer.example';
const TWO = { code: 'TOC01' };
const NEVER = { code: 'TOC02' };
const run = async (statement: string, ...values: unknown[]) => (await owner.query(statement, values)).rows;

/** An account of which nobody asks where its roles are from. */
async function somebody(roles: string | null, issuer = ISSUER): Promise<string> {
  const id = uuid();
  await run('set session_replication_role = replica');
  await run(
    `insert into account (id, version, issuer, subject, name, created_at, roles) values ($1, 1, $2, $3, 'X', now(), $4)`,
    ...[id, issuer, id, roles],
  );
  await run('set session_replication_role = origin');
  return id;
}
const give = (id: string, roles: string) => run('update account set roles = $2 where id = $1', id, roles);
async function invitation(roles: string, by: string | null): Promise<string> {
  const id = uuid();
  const insert = `insert into invitation (id, version, name, roles, secret_hash, invited_by_id) values ($1, 1, 'X', $2, $3, $4)`;
  await run(insert, id, roles, id, by);
  return id;
}
const approve = (id: string, by: string) => run('update invitation set approved_by_id = $2 where id = $1', id, by);
const accept = (id: string, by: string) => run('update invitation set accepted_by_id = $2 where id = $1', id, by);
async function request(account: string, roles: string, by: string): Promise<string> {
  const id = uuid();
  await run(
    'insert into role_request (id, account_id, roles, asked_by_id) values ($1, $2, $3, $4)',
    id,
    account,
    roles,
    by,
  );
  return id;
}
const approveRequest = (id: string, by: string) =>
  run('update role_request set approved_by_id = $2 where id = $1', id, by);

let [one, two, person] = ['', '', ''];
beforeEach(async () => {
  [one, two, person] = [await somebody('{ADMIN}'), await somebody('{ADMIN}'), await somebody('{EDITOR}')];
});

describe('PostgreSQL gives VALIDATOR, DUTY_OFFICER and ADMIN by two administrators alone (I-29)', () => {
  it.each(['{VALIDATOR}', '{EDITOR,DUTY_OFFICER}', '{ADMIN}'])('and nobody gets %s by a statement', async (roles) => {
    await expect(give(person, roles)).rejects.toMatchObject(TWO);
    const insert = `insert into account (id, version, issuer, subject, name, created_at, roles) values (gen_random_uuid(), 1, $1, gen_random_uuid(), 'X', now(), $2)`;
    await expect(run(insert, ISSUER, roles)).rejects.toMatchObject(TWO);
    await give(person, '{EDITOR,CHECKER,VOLUNTEER,SCHEDULER}');
  });

  it('a persona gets them at its first visit, and never again so', async () => {
    const persona = await somebody(null, 'development');
    await give(persona, '{EDITOR}');
    await expect(give(persona, '{EDITOR,VALIDATOR}')).rejects.toMatchObject(TWO);
    const insert = `insert into account (id, version, issuer, subject, name, created_at, roles) values (gen_random_uuid(), 1, 'development', gen_random_uuid(), 'X', now(), '{VALIDATOR}')`;
    await run(insert);
  });

  it('a request gives what it names, once, after another ADMIN approved it', async () => {
    const id = await request(person, '{VALIDATOR}', one);
    await expect(give(person, '{VALIDATOR}')).rejects.toMatchObject(TWO);
    await expect(approveRequest(id, one)).rejects.toMatchObject(TWO);
    await expect(approveRequest(id, person)).rejects.toMatchObject(TWO);
    await approveRequest(id, two);
    await expect(give(person, '{VALIDATOR,ADMIN}')).rejects.toMatchObject(TWO);
    await give(person, '{EDITOR,VALIDATOR}');
    await give(person, '{EDITOR}');
    await expect(give(person, '{EDITOR,VALIDATOR}')).rejects.toMatchObject(TWO);
  });

  it('nobody asks for roles of their own, and an ADMIN who is gone has asked for nothing', async () => {
    await expect(request(one, '{VALIDATOR}', one)).rejects.toMatchObject(TWO);
    const id = await request(person, '{VALIDATOR}', one);
    await run('update account set disabled_at = now() where id = $1', one);
    await expect(approveRequest(id, two)).rejects.toMatchObject(TWO);
  });

  it('an account that was disabled comes back without them', async () => {
    const validator = await somebody('{EDITOR,VALIDATOR}');
    await run('update account set disabled_at = now() where id = $1', validator);
    await expect(run('update account set disabled_at = null where id = $1', validator)).rejects.toMatchObject(TWO);
    await run(`update account set disabled_at = null, roles = '{EDITOR}' where id = $1`, validator);
  });

  it('an invitation to them is accepted after another ADMIN approved it, by neither of the two, and gives them once', async () => {
    const id = await invitation('{DUTY_OFFICER}', one);
    await expect(accept(id, person)).rejects.toMatchObject(TWO);
    await expect(approve(id, one)).rejects.toMatchObject(TWO);
    await approve(id, two);
    for (const giver of [one, two]) await expect(accept(id, giver)).rejects.toMatchObject(TWO);
    await accept(id, person);
    await give(person, '{DUTY_OFFICER}');
    await give(person, '{EDITOR}');
    await expect(give(person, '{DUTY_OFFICER}')).rejects.toMatchObject(TWO);
  });

  it('an invitation of the machine is accepted while two administrators lack, counted then', async () => {
    await run('set session_replication_role = replica');
    await run(`update account set roles = '{EDITOR}' where 'ADMIN' = any(roles) and id <> $1`, one);
    await run('set session_replication_role = origin');
    const [first, second] = [await invitation('{ADMIN}', null), await invitation('{ADMIN}', null)];
    await expect(approve(first, one)).rejects.toMatchObject(TWO);
    await accept(first, person);
    await give(person, '{ADMIN}');
    await expect(accept(second, two)).rejects.toMatchObject({
      ...TWO,
      message: expect.stringContaining('they invite'),
    });
  });
});

describe('PostgreSQL keeps an invitation as it was given', () => {
  it.each([
    `update invitation set roles = '{EDITOR,CHECKER}' where id = $1`,
    `update invitation set expires_at = now() + interval '8 days' where id = $1`,
    `update invitation set invited_by_id = null where id = $1`,
    `update invitation set secret_hash = 'x' where id = $1`,
    `update invitation set given_at = now() where id = $1`,
    `delete from invitation where id = $1`,
  ])('%s', async (statement) => {
    const id = await invitation('{EDITOR}', one);
    await expect(run(statement, id)).rejects.toMatchObject(NEVER);
  });

  it('and takes none that is over, that was withdrawn or that somebody accepted', async () => {
    const [late, withdrawn, used] = [
      await invitation('{EDITOR}', one),
      await invitation('{EDITOR}', one),
      await invitation('{EDITOR}', one),
    ];
    await run('set session_replication_role = replica');
    await run(`update invitation set expires_at = now() where id = $1`, late);
    await run('set session_replication_role = origin');
    await run('update invitation set withdrawn_at = now(), withdrawn_by_id = $2 where id = $1', withdrawn, two);
    await accept(used, person);
    for (const id of [late, withdrawn, used])
      await expect(accept(id, await somebody(null))).rejects.toMatchObject(NEVER);
    await expect(run('update invitation set withdrawn_at = null where id = $1', withdrawn)).rejects.toMatchObject(
      NEVER,
    );
  });

  it.each(['invitation', 'role_request'])('and truncates no %s', async (table) => {
    await expect(run(`truncate ${table}`)).rejects.toMatchObject(NEVER);
  });
});

describe('PostgreSQL keeps the last ADMIN who can come in (I-30)', () => {
  it('whichever way they would be lost; personas are counted apart', async () => {
    await run('set session_replication_role = replica');
    await run(`update account set roles = '{EDITOR}' where 'ADMIN' = any(roles) and id <> $1`, one);
    await run('set session_replication_role = origin');
    await somebody('{ADMIN}', 'development');
    for (const loss of [`roles = '{EDITOR}'`, `roles = '{}'`, 'roles = null', 'disabled_at = now()'])
      await expect(run(`update account set ${loss} where id = $1`, one)).rejects.toMatchObject(TWO);
    const other = await somebody('{ADMIN}');
    await run(`update account set roles = '{EDITOR}' where id = $1`, one);
    await expect(run('update account set disabled_at = now() where id = $1', other)).rejects.toMatchObject(TWO);
  });

  it('also where two are taken away at the same moment: the second transaction waits, and is refused', async () => {
    await run('set session_replication_role = replica');
    await run(`update account set roles = '{EDITOR}' where 'ADMIN' = any(roles) and id <> $1 and id <> $2`, one, two);
    await run('set session_replication_role = origin');
    await withSession(url, async (other) => {
      await run('begin');
      await run('update account set disabled_at = now() where id = $1', one);
      const second = other.query('update account set disabled_at = now() where id = $1', [two]).then(
        () => 'lost',
        ({ code }) => code,
      );
      const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      await expect.poll(() => run(waiting), { timeout: PATIENCE_MS }).toHaveLength(1);
      await run('commit');
      expect(await second).toBe('TOC01');
    });
  });
});
