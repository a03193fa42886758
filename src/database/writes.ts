import type { EntityData, EntityName } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from './sql-in.ts';

/** SQL that writes one row, with `?` for each value; to be sent together with others. */
export interface Write {
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * Sends writes as one statement, one round trip, in the transaction of an EntityManager. No write sees what another one of
 * the same statement writes; triggers and constraints hold as for writes one by one.
 */
export async function writeTogether(em: EntityManager, writes: readonly Write[]): Promise<void> {
  const [last, ...others] = writes.toReversed();
  if (!last) return;
  const named = others.map(({ text }, index) => `write_${index} as (${text})`);
  const before = named.length === 0 ? '' : `with ${named.join(', ')} `;
  await sqlIn(em)(
    `${before}${last.text}`,
    [...others, last].flatMap(({ values }) => values),
  );
}

/** Inserts a row; it names every column that is not null. */
export function insertion<T extends object>(em: EntityManager, entity: EntityName<T>, row: EntityData<T>): Write {
  const { table, columns, values } = asRow(em, entity, row);
  return { text: `insert into ${table} (${columns}) select ${columns} from ${recordOf(table)}`, values };
}

/** Changes the columns that are named of the row with this id. */
export function update<T extends { id: string }>(
  em: EntityManager,
  entity: EntityName<T>,
  id: string,
  changed: EntityData<T>,
): Write {
  const { table, columns, values } = asRow(em, entity, changed);
  return {
    text: `update ${table} set (${columns}) = (select ${columns} from ${recordOf(table)}) where id = ?`,
    values: [...values, id],
  };
}

/** One value in place of one for each column: PostgreSQL reads each property as the type of its column. */
const recordOf = (table: string): string => `json_populate_record(null::${table}, ?)`;

function asRow<T extends object>(em: EntityManager, entity: EntityName<T>, row: EntityData<T>) {
  const { tableName, properties } = em.getMetadata(entity);
  const columns = Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      properties[name as keyof typeof properties].fieldNames[0],
      inJson(value),
    ]),
  );
  const names = Object.keys(columns).map((name) => `"${name}"`);
  return { table: `"${tableName}"`, columns: names.join(', '), values: [JSON.stringify(columns)] };
}

/** Bytes as PostgreSQL reads them from text; JSON has no form of its own for them. */
const inJson = (value: unknown): unknown =>
  value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : value;
