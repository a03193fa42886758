import type { MigrationObject } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import { lineLogger } from './line-logger.ts';
import { openSession } from './session.ts';
import { migrationSettings, ormSettings } from './settings.ts';

export interface MigrateOptions {
  url: string;
  /** Every migration, oldest first: `migrations/list.ts`. */
  migrations: MigrationObject[];
  log?: (line: string) => void;
}

/** One hub migrates at a time; the others wait for it and then find nothing left to do. */
const MIGRATION_LOCK = 7_463_846_902;

/**
 * Brings the database up to date and answers the names of the migrations that ran, oldest first. They run in one
 * transaction: all of them or none. Throws what PostgreSQL said, with nothing changed.
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const session = await openSession({ url: options.url, name: 'tocsin migrate' });
  try {
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

function migratorOrm({ url, migrations, log = () => undefined }: MigrateOptions): MikroORM {
  return new MikroORM({
    ...ormSettings(url, { application_name: 'tocsin migrate', max: 2 }),
    entities: [],
    extensions: [Migrator],
    migrations: { ...migrationSettings(migrations), silent: true },
    loggerFactory: () => lineLogger(log),
  });
}
