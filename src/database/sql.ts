import type { Client, Pool } from 'pg';

/**
 * Plain SQL with `$1` parameters, answering rows: what the journal and the archive read with. Writes go through
 * MikroORM; these reads are few, hot and written by hand.
 */
export type Sql = <R extends object>(text: string, parameters?: readonly unknown[]) => Promise<R[]>;

export const sqlOver =
  (connection: Pick<Pool | Client, 'query'>): Sql =>
  async <R extends object>(text: string, parameters: readonly unknown[] = []) =>
    (await connection.query<R>(text, [...parameters])).rows;
