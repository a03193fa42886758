import type { BoardFilter } from './filter/filter.rules.ts';

/** A condition on a row; its `?` is the parameter. */
export interface Condition {
  sql: string;
  parameter: unknown;
}

/** Where threads are looked for, each as it is known at a moment; `$1` is that moment. */
export interface Source {
  from: string;
  /** The id of the journal entry that holds the document. */
  entry: string;
  /** When the revision of that document was published. */
  revised: string;
  moment: Date;
  conditions: readonly Condition[];
}

/** Whatever is asked of a thread, this goes by its latest entry of all. */
export const updatedAfter = (moment: number): Condition => ({
  sql: 'p.updated_at > ?::timestamptz',
  parameter: new Date(moment),
});

/** The conditions with their parameters numbered, from `$1`, the moment, on. */
export function numbered({ conditions, moment }: Source): { where: string; parameters: unknown[] } {
  const parameters: unknown[] = [moment];
  const where = conditions.map(({ sql, parameter }) => {
    parameters.push(parameter);
    return sql.replace('?', `$${parameters.length}`);
  });
  return { where: where.join(' and '), parameters };
}

const THEN = `publication p cross join lateral (
  select id, document from journal_entry where subject = p.id and position is not null and at <= $1::timestamptz
  order by position desc limit 1) then_known`;

/** The window of the document of then, and neither withdrawn nor over by an all clear. */
const IN_FORCE = [
  `coalesce(document->>'startsAt', document->>'publishedAt')::timestamptz <= $1::timestamptz`,
  `coalesce((document->>'endsAt')::timestamptz > $1::timestamptz, true)`,
  `document->>'cancelled' is null and document->>'allClear' is null`,
].join(' and ');

const WORDS = ['texts[*].headline', 'texts[*].description', 'texts[*].instruction', 'areas[*].description']
  .map((path) => `jsonb_path_query_array(document, '$.${path}')`)
  .join(' || ');

/** Leaves out threads that were over already and that nothing has happened to since: their documents need not be read. */
const MAY_HOLD = `(((p.ends_at is null or p.ends_at > $1::timestamptz) and not p.closed)
  or exists (select 1 from journal_entry where id = p.latest_entry_id and at > $1::timestamptz))`;

/**
 * Finds what was in force at a moment of the past (milliseconds since 1970), as the public knew it then: by the window, the end, the
 * place and the gravity that stood in the journal at that moment.
 */
export function sourceAt(moment: number, filter: BoardFilter): Source {
  // A thread keeps its mode and its kind, so that they are asked of its row.
  const all: Condition[] = [
    {
      sql: `p.published_at <= $1::timestamptz and ${MAY_HOLD} and ${IN_FORCE} and p.mode = any(?::text[])`,
      parameter: [...filter.modes],
    },
  ];
  const add = (sql: string, values: Iterable<string> | undefined) => {
    if (values) all.push({ sql, parameter: [...values] });
  };
  add('p.id = any(?::uuid[])', filter.publications);
  add('p.kind = any(?::text[])', filter.kinds);
  add(`jsonb_exists_any(document->'communes', ?::text[])`, filter.communes);
  add(`document->'incident'->>'id' = any(?::text[])`, filter.incidents);
  add(`(document->>'severity' is null or document->>'severity' = any(?::text[]))`, filter.severities);
  add(`document->>'hazard' = any(?::text[])`, filter.hazards);
  add(`jsonb_exists_any(document->'categories', ?::text[])`, filter.categories);
  if (filter.updatedAfter !== undefined) all.push(updatedAfter(filter.updatedAfter));
  if (filter.search?.length)
    all.push({
      sql: `jsonb_to_tsvector('french', ${WORDS}, '["string"]') @@ plainto_tsquery('french', ?)`,
      parameter: filter.search.join(' '),
    });
  return {
    from: THEN,
    entry: 'then_known.id',
    revised: `(document->>'revisedAt')::timestamptz`,
    moment: new Date(moment),
    conditions: all,
  };
}
