import { expect, it } from 'vitest';
import { migrations } from '../../../migrations/list.ts';
import { migrate } from '../../../src/database/owner/migrate.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';

const { url } = await testDatabase();

/** Subjects as they were, each with the issuer and the subject that the account has from then on. */
const BEFORE_AND_AFTER = [
  ['https://issuer.example anne', 'https://issuer.example', 'anne'],
  ['https://issuer.example/realm/a:b c d', 'https://issuer.example/realm/a:b', 'c d'],
  ['http://localhost:9000 x:y', 'http://localhost:9000', 'x:y'],
  ['development:editor', 'development', 'editor'],
  ['tocsin:veille', 'tocsin', 'veille'],
  ['nobody', '', 'nobody'],
] as const;

it('accounts from before issuers and subjects were apart keep their ids, and get both', async () => {
  await withSession(url, async (session) => {
    await session.query('drop schema public cascade');
    await session.query('create schema public');
    const before = migrations.findIndex(({ name }) => name.endsWith('disabled-accounts'));
    await migrate({ url, migrations: migrations.slice(0, before) });
    const ids: string[] = [];
    for (const [subject] of BEFORE_AND_AFTER) {
      const { rows } = await session.query<{ id: string }>(
        'insert into account (id, subject, name, created_at) values (gen_random_uuid(), $1, $1, now()) returning id',
        [subject],
      );
      ids.push(rows[0]!.id);
    }
    await migrate({ url, migrations });
    const { rows } = await session.query('select id, issuer, subject, version, disabled_at from account');
    const after = new Map(rows.map(({ id, ...account }) => [id, account]));
    expect(ids.map((id) => after.get(id))).toEqual(
      BEFORE_AND_AFTER.map(([, issuer, subject]) => ({ issuer, subject, version: 1, disabled_at: null })),
    );
  });
});
