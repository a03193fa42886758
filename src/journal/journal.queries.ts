import { parisTime } from '../clock.ts';
import { type Sql, UNPARSED_JSON } from '../database/sql.ts';
import type { Entry, Reading } from './entry.ts';
import { StoredEntry } from './stored-entry.ts';

interface EntryRow {
  id: string;
  position: string;
  subject: string;
  type: string;
  at: Date;
  changed_fields: string[];
  ring: boolean;
  only_wider: boolean;
  document: unknown;
  before: unknown;
  superseded: boolean;
}

const COLUMNS = `id, position, subject, type, at, changed_fields, ring, only_wider, document, before,
  exists (select 1 from journal_entry later
    where later.subject = journal_entry.subject and later.position > journal_entry.position) as superseded`;

/** A row of journal_entry as an entry. */
const toEntry = <D>(row: EntryRow): Entry<D> =>
  Object.freeze({
    id: row.id,
    position: Number(row.position),
    subject: row.subject,
    type: row.type,
    at: parisTime(row.at),
    atMs: row.at.getTime(),
    changedFields: row.changed_fields,
    ring: row.ring,
    onlyWider: row.only_wider,
    document: row.document as D,
    before: row.before as Partial<D> | null,
    superseded: row.superseded,
  });

interface HeadRow {
  epoch: string;
  head: string;
  standing: string | null;
}

/** The head, and the id of the entry at a position: a reader compares it with the entry that it knows there. */
const headAnd = (position: string) =>
  `h.epoch, h.position as head, (select id from journal_entry where position = ${position}) as standing`;

/** Each row holds the head, and an entry or (subject null) none. */
function toReading<R extends HeadRow & { subject: string }, E>(rows: readonly R[], entryOf: (row: R) => E): Reading<E> {
  const [first] = rows;
  if (!first) throw new Error('the journal has no head: migrations did not run');
  return {
    head: { epoch: first.epoch, position: Number(first.head) },
    standing: first.standing,
    entries: rows.filter(({ subject }) => subject !== null).map(entryOf),
  };
}

/**
 * Up to `limit` committed entries after a position, oldest first, and where the journal stands: all in one statement, so
 * that they agree. `standing` is the id of the entry at that position.
 */
export async function readOn<D>(sql: Sql, position: number, limit: number): Promise<Reading<Entry<D>>> {
  const rows = await sql<HeadRow & EntryRow>(
    `select ${headAnd('$1')}, e.* from journal_head h left join lateral (
       select ${COLUMNS} from journal_entry where position > $1 order by position limit $2) e on true
     where h.id = 1 order by e.position`,
    [position, limit],
  );
  return toReading(rows, toEntry<D>);
}

/**
 * What stands by the entries whose ids a subselect gives, in no order, and where the journal stands: all in one statement. A
 * hub that starts reads thousands: their documents are parsed later, but for the fields that are named, null where a document
 * has no such field.
 */
export async function readLatest<D, B>(
  sql: Sql,
  ids: string,
  fields: readonly string[],
): Promise<Reading<StoredEntry<D, B>>> {
  const brief = fields.map((field) => `'${field}', unpacked -> '${field}'`).join(', ');
  // PostgreSQL keeps documents compressed, and would unpack one for each field that is read of it.
  const rows = await sql<HeadRow & Pick<EntryRow, 'subject' | 'position' | 'at'> & { document: Buffer; brief: string }>(
    `select ${headAnd('h.position')}, e.* from journal_head h left join (
       select subject, position, at, document, json_build_object(${brief})::text as brief from (
         select subject, position, at, document, document || '{}' as unpacked from journal_entry where id in (${ids}) offset 0
       ) latest) e on true where h.id = 1`,
    [],
    UNPARSED_JSON,
  );
  return toReading(
    rows,
    ({ subject, position, at, document: bytes, brief }) =>
      new StoredEntry<D, B>({
        subject,
        position: Number(position),
        atMs: at.getTime(),
        brief: JSON.parse(brief),
        bytes,
      }),
  );
}

/** Up to `limit` committed entries after a position, oldest first. */
export async function readAfter<D>(sql: Sql, position: number, limit: number): Promise<Entry<D>[]> {
  const rows = await sql<EntryRow>(
    `select ${COLUMNS} from journal_entry where position > $1 order by position limit $2`,
    [position, limit],
  );
  return rows.map((row) => toEntry<D>(row));
}

/** When the first entry after a position happened, or undefined at the head: the retention window counts from there. */
export async function timeAfter(sql: Sql, position: number): Promise<Date | undefined> {
  const [row] = await sql<{ at: Date }>('select at from journal_entry where position > $1 order by position limit 1', [
    position,
  ]);
  return row?.at;
}

/** The entry of a subject at a position, or undefined. */
export async function entryAt<D>(sql: Sql, subject: string, position: number): Promise<Entry<D> | undefined> {
  const [row] = await sql<EntryRow>(`select ${COLUMNS} from journal_entry where position = $1 and subject = $2`, [
    position,
    subject,
  ]);
  return row && toEntry<D>(row);
}

/** The entries with these ids, oldest first; ids without an entry are left out. */
export async function entriesById<D>(sql: Sql, ids: readonly string[]): Promise<Entry<D>[]> {
  if (ids.length === 0) return [];
  const rows = await sql<EntryRow>(
    `select ${COLUMNS} from journal_entry where id = any($1::uuid[]) order by position`,
    [ids],
  );
  return rows.map((row) => toEntry<D>(row));
}

/** The last entry of a subject that happened at or before a time, or undefined. */
export async function entryAsOf<D>(sql: Sql, subject: string, at: Date): Promise<Entry<D> | undefined> {
  const [row] = await sql<EntryRow>(
    `select ${COLUMNS} from journal_entry where subject = $1 and at <= $2 and position is not null
     order by position desc limit 1`,
    [subject, at],
  );
  return row && toEntry<D>(row);
}
