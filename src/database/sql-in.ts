import type { EntityManager } from '@mikro-orm/postgresql';

/** SQL written by hand, with `?` for each parameter; answers the rows. */
export type TransactionSql = <R extends object>(text: string, parameters?: readonly unknown[]) => Promise<R[]>;

/**
 * SQL in the transaction of an EntityManager, where it has one: it reads what the transaction wrote, and what it writes
 * commits with it. MikroORM alone would run it on another connection.
 */
export const sqlIn =
  (em: EntityManager): TransactionSql =>
  <R extends object>(text: string, parameters: readonly unknown[] = []) =>
    em.getConnection().execute<R[]>(text, parameters, 'all', em.getTransactionContext());
