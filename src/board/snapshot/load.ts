import { parisTime } from '../../clock.ts';
import type { Sql } from '../../database/sql.ts';
import { readLatest } from '../../journal/journal.queries.ts';
import type { Brief, PublicDocument } from '../../publications/document.ts';
import { BRIEF_FIELDS } from '../../publications/kind/brief.ts';
import type { BoardReading } from '../board.ts';
import { type DepartingEntry, type Departure, departureOf } from '../departure.ts';

/** Every thread that is live, or ended within the last day, as of one moment: what a board is filled with. */
export async function readPublic(sql: Sql): Promise<BoardReading> {
  const reading = await readLatest<PublicDocument, Brief>(
    sql,
    `select latest_entry_id from publication
     where announced in ('UPCOMING', 'IN_FORCE') or ends_at > now() - interval '1 day' or revised_at > now() - interval '1 day'`,
    BRIEF_FIELDS,
  );
  const departures = await readDepartures(sql);
  if (departures.size === 0) return reading;
  const entries = reading.entries.map((entry) => {
    const found = departures.get(entry.subject);
    return found ? Object.assign(entry, { departures: found }) : entry;
  });
  return { ...reading, entries };
}

interface Row {
  subject: string;
  position: string;
  at: Date;
  before: DepartingEntry['before'];
  document: DepartingEntry['document'];
}

/** The departures of the last day by thread; read after the threads, so that none is missed between. */
async function readDepartures(sql: Sql): Promise<Map<string, Departure[]>> {
  const rows = await sql<Row>(
    `select e.subject, e.position, e.at, e.before, json_build_object('kind', p.kind, 'communes', e.document->'communes',
       'severity', e.document->'severity', 'endsAt', e.document->'endsAt', 'revision', e.document->'revision') as document
     from publication p join journal_entry e on e.subject = p.id
     where p.revised_at > now() - interval '1 day' and e.at > now() - interval '1 day'
       and e.type = 'UPDATED' and e.position is not null
     order by e.position`,
  );
  const found = Map.groupBy(rows, ({ subject }) => subject);
  return new Map([...found].map(([subject, entries]) => [subject, entries.flatMap((row) => departureIn(row) ?? [])]));
}

const departureIn = ({ position, at, before, document }: Row): Departure | undefined =>
  departureOf({ position: Number(position), at: parisTime(at), before, document });
