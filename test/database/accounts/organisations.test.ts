import pg from 'pg';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { publishNew } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

/** What PostgreSQL itself refuses of organisations, to the owner of the tables, whatever our own code does. */
const { url } = await testDatabase();
const hub = await startHub({ url });
const owner = new pg.Client({ connectionString: url });
beforeAll(() => owner.connect());
afterAll(async () => {
  await owner.end();
  await hub.close();
});

const DEPARTEMENT = '01900000-0000-7000-8000-000000000091';
const REFUSED = { code: 'TOC01' };
const NEVER = { code: 'TOC02' };
const run = async <R extends object>(statement: string, ...values: unknown[]) =>
  (await owner.query<R>(statement, values)).rows;

async function organisation(): Promise<string> {
  const id = uuid();
  const insert = `insert into organisation (id, version, kind, name, short_name, created_at) values ($1, 1, 'SDIS', $2, 'Sdis', now())`;
  await run(insert, id, `Sdis ${id}`);
  return id;
}
async function memberOf(id: string, disabledAt: string | null = null): Promise<string> {
  const account = uuid();
  await run(
    `insert into account (id, version, issuer, subject, name, created_at, roles, organisation_id, disabled_at)
     values ($1, 1, 'https://issuer.example', $4, 'X', now(), '{EDITOR}', $2, $3)`,
    ...[account, id, disabledAt, account],
  );
  return account;
}
const close = (id: string) => run('update organisation set ended_at = now() where id = $1', id);

describe('an approval has the organisation of its moment (I-31)', () => {
  it('whatever is written into it, and for ever', async () => {
    const { id } = await publishNew(hub);
    const [approval] = await run<{ id: string; organisation: object }>(
      'select a.id, a.organisation from approval a join revision r on r.id = a.revision_id where r.dossier_id = $1',
      id,
    );
    const kept = { id: DEPARTEMENT, kind: 'DEPARTEMENT', name: 'Département de l’Essonne', shortName: 'Département' };
    expect(approval?.organisation).toEqual(kept);
    const other = 'update approval set organisation = $2 where id = $1';
    await expect(run(other, approval?.id, { ...kept, name: 'Autre' })).rejects.toMatchObject(NEVER);
    await run(`update organisation set name = 'Renommé' where id = $1`, DEPARTEMENT);
    await run(`update organisation set name = 'Département de l’Essonne' where id = $1`, DEPARTEMENT);
    const [row] = await run<{ hash: string; revision: string; by: string }>(
      `insert into approval (id, revision_id, by_id, organisation, content_hash, at)
       select gen_random_uuid(), a.revision_id, $2, '{"name": "Autre"}', a.content_hash, now() from approval a where a.id = $1
       returning organisation`,
      ...[approval?.id, await memberOf(await organisation())],
    );
    expect(row).toMatchObject({ organisation: { kind: 'SDIS', shortName: 'Sdis' } });
  });
});

describe('an organisation', () => {
  it('keeps its kind, is never deleted, and never opens again', async () => {
    const id = await organisation();
    for (const change of [`kind = 'COMMUNE'`, 'id = gen_random_uuid()', `created_at = now() - interval '1 year'`])
      await expect(run(`update organisation set ${change} where id = $1`, id)).rejects.toMatchObject(NEVER);
    await expect(run('delete from organisation where id = $1', id)).rejects.toMatchObject(NEVER);
    await close(id);
    for (const change of ['ended_at = null', `name = 'Autre'`])
      await expect(run(`update organisation set ${change} where id = $1`, id)).rejects.toMatchObject(NEVER);
    await expect(run('truncate organisation cascade')).rejects.toMatchObject(NEVER);
    await expect(close(DEPARTEMENT)).rejects.toMatchObject(NEVER);
  });

  it('has a name of its own while it is open, in any case', async () => {
    const insert = `insert into organisation (id, version, kind, name, short_name, created_at) values (gen_random_uuid(), 1, 'COMMUNE', $1, 'M', now())`;
    await run(insert, 'Mairie');
    await expect(run(insert, 'MAIRIE')).rejects.toMatchObject({ code: '23505' });
    await run(`update organisation set ended_at = now() where name = 'Mairie'`);
    await run(insert, 'MAIRIE');
  });
});

describe('an account that may come in belongs to an organisation that is open (I-32)', () => {
  it('when it is made, moved or enabled', async () => {
    const [open, closed] = [await organisation(), await organisation()];
    await close(closed);
    await expect(memberOf(closed)).rejects.toMatchObject(REFUSED);
    const account = await memberOf(open);
    const move = 'update account set organisation_id = $2 where id = $1';
    await expect(run(move, account, closed)).rejects.toMatchObject(REFUSED);
    const away = await memberOf(closed, '2026-01-01');
    await expect(run('update account set disabled_at = null where id = $1', away)).rejects.toMatchObject(REFUSED);
    await expect(run(move, account, uuid())).rejects.toMatchObject(REFUSED);
    await run(move, away, open);
    await run('update account set disabled_at = null where id = $1', away);
  });

  it('and so keeps it from closing', async () => {
    const id = await organisation();
    const account = await memberOf(id);
    await expect(close(id)).rejects.toMatchObject(REFUSED);
    await run('update account set disabled_at = now() where id = $1', account);
    await close(id);
  });

  it(
    'also where it closes at the moment in which somebody is moved there',
    async () => {
      const id = await organisation();
      const account = await memberOf(DEPARTEMENT);
      await run('begin');
      await close(id);
      const move = withSession(url, (session) =>
        session.query('update account set organisation_id = $2 where id = $1', [account, id]),
      );
      const refused = expect(move).rejects.toMatchObject(REFUSED);
      await new Promise((resolve) => setTimeout(resolve, 300));
      await run('commit');
      await refused;
    },
    PATIENCE_MS * 2,
  );
});
