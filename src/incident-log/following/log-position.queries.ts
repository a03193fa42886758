import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../../database/sql-in.ts';
import { type Batch, batchById } from '../../graphql/loaders.ts';
import type { Office } from '../../office/office.ts';
import type { RowCondition } from '../../paging/sql-list.queries.ts';
import { isUuid } from '../../uuid.ts';
import type { LogPosition } from './log-cursor.rules.ts';

/** Reads where logs end: what is asked for in one turn is one statement. */
export class LogHeadLoaders {
  /** Where the log of an incident ends now, by its id; null for no incident. */
  readonly head: Batch<string, LogPosition | null>;

  constructor(office: Pick<Office, 'read'>) {
    this.head = batchById((ids) => logHeads(office.read(), ids));
  }
}

async function logHeads(em: EntityManager, incidents: readonly string[]): Promise<Map<string, LogPosition>> {
  const known = incidents.filter(isUuid);
  if (known.length === 0) return new Map();
  const rows = await sqlIn(em)<LogPosition>(
    `select j.epoch, i.id as incident, coalesce(h.number, 0) as number
     from incident i join journal_head j on j.id = 1 left join log_head h on h.incident_id = i.id where i.id in (?)`,
    [known],
  );
  return new Map(rows.map((row) => [row.incident, row]));
}

/** The part of a log between two numbers, of which a follower wants some lines. */
export interface LogPart {
  incident: string;
  after: number;
  upTo: number;
  conditions: readonly RowCondition[];
}

/** The ids of the lines of a part, the oldest first, at most so many. */
export async function idsInPart(
  em: EntityManager,
  { incident, after, upTo, conditions }: LogPart,
  most: number,
): Promise<string[]> {
  const rows = await sqlIn(em)<{ id: string }>(
    `select l.id from log_line l join log_words w on w.line_id = l.id
     where ${['l.incident_id = ?::uuid', 'l.number > ?', 'l.number <= ?', ...conditions.map(({ sql }) => sql)].join(' and ')}
     order by l.number limit ?`,
    [incident, after, upTo, ...conditions.flatMap(({ values }) => values), most],
  );
  return rows.map(({ id }) => id);
}
