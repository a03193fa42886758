import type { EntityManager } from '@mikro-orm/postgresql';
import { HubError } from '../errors.ts';
import type { Database } from './connection.ts';
import { type Sql, sqlOver } from './sql.ts';

/**
 * The database as the rest of the hub may use it. Until this hub has migrated it, its rows may be of another version: every
 * use is refused with UNAVAILABLE.
 */
export class DatabaseGate {
  readonly #database: Database;
  readonly #pooled: Sql;
  #isOpen = false;

  constructor(database: Database) {
    this.#database = database;
    this.#pooled = sqlOver(database.pool);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** To be called once the database is as this version of the hub knows it. */
  open(): void {
    this.#isOpen = true;
  }

  /** Reads with plain SQL, over the pool. */
  readonly sql: Sql = async (...query) => {
    this.#check();
    return this.#pooled(...query);
  };

  /** A fresh entity manager: one unit of work. */
  readonly em = (): EntityManager => {
    this.#check();
    return this.#database.orm.em.fork();
  };

  #check(): void {
    if (!this.#isOpen)
      throw new HubError('UNAVAILABLE', 'the database could not be reached yet; what was public is readable');
  }
}
