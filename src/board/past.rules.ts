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

/** Threads that were in force at a moment, each with its entry of then. */
const THEN = `in_force f join publication p on p.id = f.thread join journal_entry e on e.id = f.entry_id`;

const WORDS = ['texts[*].headline', 'texts[*].description', 'texts[*].instruction', 'areas[*].description']
  .map((path) => `jsonb_path_query_array(document, '$.${path}')`)
  .join(' || ');

/**
 * Finds what was in force at a moment of the past (milliseconds since 1970), as the public knew it then: by the window, the end, the
 * place and the gravity that stood in the journal at that moment.
 */
export function sourceAt(moment: number, filter: BoardFilter): Source {
  // A thread keeps its mode and its kind, so that they are asked of its row.
  const all: Condition[] = [
    {
      sql: 'f.during @> $1::timestamptz and p.mode = any(?::text[])',
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
    entry: 'f.entry_id',
    revised: `(document->>'revisedAt')::timestamptz`,
    moment: new Date(moment),
    conditions: all,
  };
}
