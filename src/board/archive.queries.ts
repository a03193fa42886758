import type { Sql } from '../database/sql.ts';
import type { Entry } from '../journal/entry.ts';
import { entriesById, entryAsOf, entryAt } from '../journal/journal.queries.ts';
import type { PublicDocument, PublicView } from '../publications/document.ts';
import { type NamedView, viewOfNow, viewOfThen } from '../publications/view.ts';
import type { BoardFilter } from './filter/filter.rules.ts';
import { type Condition, numbered, type Source, sourceAt, updatedAfter } from './past.rules.ts';

/**
 * The public reads that ask PostgreSQL: what ended, what was cancelled, and what the public was told in the past.
 * The newest first, by the moment of the revision and the id.
 */
export interface ArchivePage {
  documents: PublicView[];
  hasNextPage: boolean;
  hasPreviousPage(): Promise<boolean>;
  /** How many match in all. The cost grows with the archive, that of a page does not. */
  totalCount(): Promise<number>;
}

/** The SQL of the public state of a thread, the publication `p`, at a moment. */
export const publicStateSql = (moment: string): string => `case when p.announced = 'CANCELLED' then 'CANCELLED'
  when p.announced = 'ENDED' or p.closed or p.ends_at <= ${moment} then 'ENDED'
  when p.starts_at > ${moment} then 'UPCOMING' else 'IN_FORCE' end`;

const LATEST = 'exists (select 1 from journal_entry where id = p.latest_entry_id and';

/**
 * A page of every thread that ever was, by a filter: as it is known now, or, where the filter names a time, of what was in force
 * then, as the public knew it. `after` is the key of the last one seen.
 */
export async function archivePage(
  sql: Sql,
  filter: BoardFilter,
  { first, after, now }: { first: number; after?: { revised: number; id: string }; now: Date },
): Promise<ArchivePage> {
  const source = sourceOf(filter, now);
  const { from, entry, revised } = source;
  const { where, parameters } = numbered(source);
  const keyset = (operator: '<' | '>=') =>
    after ? ` and (${revised}, p.id) ${operator} ($${parameters.length + 1}, $${parameters.length + 2}::uuid)` : '';
  const values = after ? [...parameters, new Date(after.revised), after.id] : parameters;
  const rows = await sql<{ entry: string }>(
    `select ${entry} as entry from ${from} where ${where}${keyset('<')}
     order by ${revised} desc, p.id desc limit ${first + 1}`,
    values,
  );
  return {
    documents: await archivedViews(
      sql,
      rows.slice(0, first).map((row) => row.entry),
    ),
    hasNextPage: rows.length > first,
    hasPreviousPage: async () => {
      if (!after) return false;
      const earlier = `select 1 from ${from} where ${where}${keyset('>=')} limit 1`;
      return (await sql(earlier, values)).length > 0;
    },
    totalCount: async () => {
      const counted = `select count(*)::int as total from ${from} where ${where}`;
      const [found] = await sql<{ total: number }>(counted, parameters);
      return found?.total ?? 0;
    },
  };
}

/** The entries of all that such a filter finds, in the same order, by one statement and so of one moment; at most so many. */
export async function archivedEntries(
  sql: Sql,
  filter: BoardFilter,
  { now, most }: { now: Date; most: number },
): Promise<string[]> {
  const source = sourceOf(filter, now);
  const { where, parameters } = numbered(source);
  const rows = await sql<{ entry: string }>(
    `select ${source.entry} as entry from ${source.from} where ${where}
     order by ${source.revised} desc, p.id desc limit ${most}`,
    parameters,
  );
  return rows.map(({ entry }) => entry);
}

/** The views that journal entries hold, in the order of their ids; entries never change. */
export async function archivedViews(sql: Sql, ids: readonly string[]): Promise<PublicView[]> {
  const views = new Map((await entriesById<PublicDocument>(sql, ids)).map((entry) => [entry.id, viewOf(entry)]));
  return ids.flatMap((id) => views.get(id) ?? []);
}

const sourceOf = (filter: BoardFilter, now: Date): Source =>
  filter.activeAt === undefined ? sourceOfNow(filter, now) : sourceAt(filter.activeAt, filter);

function sourceOfNow(filter: BoardFilter, now: Date): Source {
  const all: Condition[] = [
    { sql: `${publicStateSql('$1')} = any(?::text[])`, parameter: [...filter.states] },
    { sql: 'p.mode = any(?::text[])', parameter: [...filter.modes] },
  ];
  if (filter.kinds) all.push({ sql: 'p.kind = any(?::text[])', parameter: [...filter.kinds] });
  if (filter.communes) all.push({ sql: 'p.communes && ?::text[]', parameter: [...filter.communes] });
  if (filter.publications) all.push({ sql: 'p.id = any(?::uuid[])', parameter: [...filter.publications] });
  if (filter.incidents) all.push({ sql: 'p.incident_id = any(?::uuid[])', parameter: [...filter.incidents] });
  if (filter.updatedAfter !== undefined) all.push(updatedAfter(filter.updatedAfter));
  if (filter.severities)
    all.push({ sql: '(p.severity is null or p.severity = any(?::text[]))', parameter: [...filter.severities] });
  if (filter.hazards)
    all.push({ sql: `${LATEST} document->>'hazard' = any(?::text[]))`, parameter: [...filter.hazards] });
  if (filter.categories)
    all.push({
      sql: `${LATEST} jsonb_exists_any(document->'categories', ?::text[]))`,
      parameter: [...filter.categories],
    });
  if (filter.search?.length)
    all.push({
      sql: `to_tsvector('french', p.words) @@ plainto_tsquery('french', ?)`,
      parameter: filter.search.join(' '),
    });
  return {
    from: 'publication p',
    entry: 'p.latest_entry_id',
    revised: 'p.revised_at',
    moment: now,
    conditions: all,
  };
}

/** An entry as PostgreSQL knows it: what is public now, unless another entry of its thread had followed when it was read. */
const viewOf = (entry: Entry<PublicDocument>): PublicView =>
  entry.superseded ? viewOfThen(entry.document, entry) : viewOfNow(entry.document, entry.position);

/** A thread as the public knows it now, from the archive; undefined where nothing was ever public. */
export async function archivedView(sql: Sql, id: string): Promise<PublicView | undefined> {
  const [row] = await sql<{ latest_entry_id: string }>('select latest_entry_id from publication where id = $1', [id]);
  if (!row) return undefined;
  const [entry] = await entriesById<PublicDocument>(sql, [row.latest_entry_id]);
  return entry && viewOf(entry);
}

/** A thread as it stood last under one of its revisions; undefined where there was no such revision. */
export async function documentOfRevision(sql: Sql, id: string, revision: number): Promise<PublicDocument | undefined> {
  const [row] = await sql<{ document: PublicDocument }>(
    `select document from journal_entry
     where subject = $1 and position is not null and (document->>'revision')::int = $2 order by position desc limit 1`,
    [id, revision],
  );
  return row?.document;
}

/** A thread as it was public at a time (I-19), or undefined where nothing was yet. */
export async function viewAsOf(sql: Sql, thread: string, at: Date): Promise<PublicView | undefined> {
  const entry = await entryAsOf<PublicDocument>(sql, thread, at);
  return entry && viewOf(entry);
}

/** The view of another moment that an id names; undefined where it names none. */
export async function pastView(
  sql: Sql,
  thread: string,
  { revision, position }: NonNullable<NamedView['past']>,
): Promise<PublicView | undefined> {
  const at = position ?? (await firstPosition(sql, thread, revision));
  const entry = at === undefined ? undefined : await entryAt<PublicDocument>(sql, thread, at);
  if (!entry || entry.document.revision !== revision) return undefined;
  return viewOf(entry);
}

/** Where the entry stands that published a revision. */
async function firstPosition(sql: Sql, thread: string, revision: number): Promise<number | undefined> {
  const [row] = await sql<{ position: string }>(
    `select position from journal_entry
     where subject = $1 and position is not null and (document->>'revision')::int = $2 order by position limit 1`,
    [thread, revision],
  );
  return row && Number(row.position);
}
