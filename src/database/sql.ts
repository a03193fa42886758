import pg from 'pg';

/**
 * Plain SQL with `$1` parameters, answering rows: what the journal and the archive read with. Writes go through
 * MikroORM; these reads are few, hot and written by hand.
 */
export type Sql = <R extends object>(
  text: string,
  parameters?: readonly unknown[],
  types?: pg.CustomTypesConfig,
) => Promise<R[]>;

/** Leaves jsonb as the bytes of its text, in place of objects. */
export const UNPARSED_JSON: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === pg.types.builtins.JSONB ? (text: string) => Buffer.from(text) : pg.types.getTypeParser(oid, format),
};

/** Over a pool or a session. Times are read as Date, where MikroORM's own pool leaves them as PostgreSQL wrote them. */
export const sqlOver =
  (connection: Pick<pg.Pool | pg.Client, 'query'>): Sql =>
  async <R extends object>(text: string, parameters: readonly unknown[] = [], types: pg.CustomTypesConfig = pg.types) =>
    (await connection.query<R>({ text, values: [...parameters], types })).rows;

// One name for each text, in every session: the texts are few, and no text is made of input.
const names = new Map<string, string>();

/** How long the driver waits for the whole answer to a statement, in place of what its session waits. */
export const patience = (milliseconds: number): object => ({ query_timeout: milliseconds });

/** Whether a statement failed because its answer did not come in time. */
export const isTooLate = (error: unknown): boolean => error instanceof Error && error.message === 'Query read timeout';

/**
 * Over one session that runs the same few statements again and again: PostgreSQL parses and plans each of them once. An
 * answer that takes longer than `milliseconds` is an error; the session is of no use afterwards.
 */
export const sqlPrepared =
  (session: Pick<pg.Client, 'query'>, milliseconds: number): Sql =>
  async <R extends object>(
    text: string,
    parameters: readonly unknown[] = [],
    types: pg.CustomTypesConfig = pg.types,
  ) => {
    const name = names.get(text) ?? `tocsin_${names.size}`;
    names.set(text, name);
    const query = { name, text, values: [...parameters], types, ...patience(milliseconds) };
    return (await session.query<R>(query)).rows;
  };

/** The SQL of a list in JSON, in this order: one item for each row of `from`, and empty where there is none. */
export const listInJson = (items: string, order: string, from: string): string =>
  `(select coalesce(json_agg(${items} order by ${order}), '[]') from ${from})`;
