import type { MigrationObject } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import type { Client } from 'pg';
import { lineLogger } from '../line-logger.ts';
import { openSession } from '../session.ts';
import { MIGRATIONS_TABLE, migrationSettings, ormSettings } from '../settings.ts';

export interface MigrateOptions {
  url: string;
  /** Every migration, oldest first: `migrations/list.ts`. */
  migrations: MigrationObject[];
  log?: (line: string) => void;
  /** How long PostgreSQL may take to let it in, in milliseconds; five seconds when not given. */
  waitMs?: number;
}

/** A database that lacks migrations, and a role that may not make them. */
export class MigrationFault extends Error {
  override readonly name = 'MigrationFault';
}

/** One hub migrates at a time; the others wait for it and then find nothing left to do. */
const MIGRATION_LOCK = 7_463_846_902;

/**
 * Brings the database up to date and answers the names of the migrations that ran, oldest first. They run in one
 * transaction: all of them or none. Throws what PostgreSQL said, with nothing changed; a MigrationFault where the role of the
 * URL may not change tables.
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const session = await openSession({ url: options.url, name: 'tocsin migrate', waitMs: options.waitMs });
  try {
    if (await isUpToDate(session, options.migrations)) return [];
    await demandOwner(session);
    await session.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const orm = migratorOrm(options);
    try {
      const done = await orm.migrator.up();
      return done.map(({ name }) => name);
    } finally {
      await orm.close(true);
    }
  } finally {
    await session.end();
  }
}

/** Whether every migration ran. Nearly every start finds that, and needs no second ORM and no turn among the hubs. */
async function isUpToDate(session: Client, migrations: readonly MigrationObject[]): Promise<boolean> {
  const { rows: tables } = await session.query('select from pg_class where oid = to_regclass($1)', [MIGRATIONS_TABLE]);
  if (tables.length === 0) return false;
  const { rows } = await session.query<{ name: string }>(`select name from ${MIGRATIONS_TABLE}`);
  const ran = new Set(rows.map(({ name }) => name));
  return migrations.every(({ name }) => ran.has(name));
}

async function demandOwner(session: Client): Promise<void> {
  const { rows } = await session.query(`select has_schema_privilege(current_schema(), 'create') as may`);
  if (!rows[0]?.may)
    throw new MigrationFault(
      'the database lacks migrations that this role may not make: run npm run migrate as its owner',
    );
}

function migratorOrm({ url, migrations, log = () => undefined }: MigrateOptions): MikroORM {
  return new MikroORM({
    ...ormSettings(url, { application_name: 'tocsin migrate', max: 2 }),
    entities: [],
    extensions: [Migrator],
    migrations: { ...migrationSettings(migrations), silent: true },
    loggerFactory: () => lineLogger(log),
  });
}
