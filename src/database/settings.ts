import type { MigrationObject } from '@mikro-orm/core';
import type { Options } from '@mikro-orm/postgresql';
import { sessionSettings } from './session.ts';

/** The settings of every ORM of this project: the hub's, the migrator's and that of MikroORM's own CLI. */
export const ormSettings = (url: string, driverOptions: { application_name: string; [name: string]: unknown }) =>
  ({
    clientUrl: url,
    // a database that is missing is a fault to report, not one to mend
    ensureDatabase: false,
    discovery: { warnWhenNoEntities: false },
    // functions and triggers stand in the migrations alone: no entity describes them
    schemaGenerator: { ignoreRoutines: true },
    // the whole URL, because MikroORM passes on only host, port, user, password and name
    driverOptions: { ...sessionSettings(url), ...driverOptions },
  }) satisfies Partial<Options>;

/** The table in which MikroORM writes down each migration that ran. */
export const MIGRATIONS_TABLE = 'mikro_orm_migrations';

/** How migrations run: in one transaction, all of them or none. `migrationsList`: oldest first, `migrations/list.ts`. */
export const migrationSettings = (migrationsList: MigrationObject[]) =>
  ({
    migrationsList,
    tableName: MIGRATIONS_TABLE,
    snapshot: false,
    transactional: true,
    allOrNothing: true,
  }) satisfies Options['migrations'];
