import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import { sqlIn } from '../database/sql-in.ts';
import { ID_PART, Keyset, TEXT_PART } from './keyset.rules.ts';
import { type Page, type PageRequest, pageOf } from './page.rules.ts';

/** A condition on the rows of a list, with `?` for each value. */
export interface RowCondition {
  sql: string;
  values: readonly unknown[];
}

/** A list that PostgreSQL keeps in the order of a key. */
export interface SqlList<Row extends { id: string }, Key extends readonly unknown[]> {
  keys: Keyset<Key>;
  /** What is selected for each row: its id, and the parts of its key. */
  select: string;
  from: string;
  /** The key as PostgreSQL compares it, and the types of its parts. */
  key: readonly { sql: string; type: string }[];
  order: 'asc' | 'desc';
  keyOf(row: Row): Key;
}

/** The rows of a table by their names. */
export const byName = (table: string): SqlList<{ id: string; name: string }, [name: string, id: string]> => ({
  keys: new Keyset(z.tuple([TEXT_PART, ID_PART])),
  select: 'id, name',
  from: table,
  key: [
    { sql: 'name', type: 'text' },
    { sql: 'id', type: 'uuid' },
  ],
  order: 'asc',
  keyOf: ({ name, id }) => [name, id],
});

/** The rows of a table by a column that is a time, the newest first. */
export const newestFirst = (
  table: string,
  column: string,
): SqlList<{ id: string; at: string }, [at: string, id: string]> => ({
  keys: new Keyset(z.tuple([z.iso.datetime(), ID_PART])),
  select: `id, ${column} as at`,
  from: table,
  key: [
    { sql: column, type: 'timestamptz' },
    { sql: 'id', type: 'uuid' },
  ],
  order: 'desc',
  keyOf: ({ at, id }) => [new Date(at).toISOString(), id],
});

/**
 * A page of the rows that meet all conditions, by one statement, and its nodes by their ids. The caller has checked the
 * page size and the actor's permission. Throws INVALID_INPUT for a cursor that cannot be.
 */
export async function sqlPage<Row extends { id: string }, Key extends readonly unknown[], Node extends { id: string }>(
  em: EntityManager,
  list: SqlList<Row, Key>,
  conditions: readonly RowCondition[],
  { first, after }: PageRequest,
  nodesOf: (ids: string[]) => Promise<readonly Node[]>,
): Promise<Page<Node>> {
  const { keys, select, from, key, order, keyOf } = list;
  const sql = sqlIn(em);
  const seen = keys.keyOf(after);
  const among = (more: readonly RowCondition[]) => {
    const all = [...conditions, ...more];
    const where = all.length === 0 ? '' : ` where ${all.map((one) => one.sql).join(' and ')}`;
    return { text: `from ${from}${where}`, values: all.flatMap(({ values }) => values) };
  };
  const beside = (operator: string): RowCondition[] => (seen ? [comparison(key, operator, seen)] : []);
  const page = among(beside(order === 'asc' ? '>' : '<'));
  const rows = await sql<Row>(
    `select ${select} ${page.text} order by ${key.map((part) => `${part.sql} ${order}`).join(', ')} limit ?`,
    [...page.values, first + 1],
  );
  const shown = rows.slice(0, first);
  const nodes = new Map((await nodesOf(shown.map(({ id }) => id))).map((node) => [node.id, node]));
  const there = shown.flatMap((row) => {
    const node = nodes.get(row.id);
    return node ? [{ row, node }] : [];
  });
  return pageOf(
    there,
    ({ node }) => node,
    ({ row }) => keys.cursorOf(keyOf(row)),
    {
      hasNextPage: rows.length > first,
      hasPreviousPage: async () => {
        if (!seen) return false;
        const { text, values } = among(beside(order === 'asc' ? '<=' : '>='));
        return (await sql(`select 1 ${text} limit 1`, values)).length > 0;
      },
      totalCount: async () => {
        const { text, values } = among([]);
        const [counted] = await sql<{ total: number }>(`select count(*)::int as total ${text}`, values);
        return counted?.total ?? 0;
      },
    },
  );
}

const comparison = (key: readonly { sql: string; type: string }[], operator: string, values: readonly unknown[]) => ({
  sql: `(${key.map((part) => part.sql).join(', ')}) ${operator} (${key.map(({ type }) => `?::${type}`).join(', ')})`,
  values,
});

/** That a column holds one of these; no row does where there is none. */
export const oneOf = (column: string, values: readonly string[]): RowCondition =>
  values.length === 0 ? { sql: 'false', values: [] } : { sql: `${column} in (?)`, values: [values] };
