import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../../database/sql-in.ts';
import type { Mode } from '../../publications/vocabulary.ts';
import type { LastingCondition } from './condition.ts';

// The words of a report that is frozen stay as they are: the next one takes its place.
const DUE = `
  select i.id as incident, i.mode from incident i join lateral (
    select s.parts->>'nextAt' as next from situation_report s
    where s.incident_id = i.id and s.state = 'FROZEN' order by s.number desc limit 1) s on s.next::timestamptz <= ?
  where i.state = 'OPEN'`;

/** The open incidents whose last situation report named an hour for the next one, which has passed. */
export async function situationReportsDue(em: EntityManager, now: Date): Promise<LastingCondition[]> {
  const rows = await sqlIn(em)<{ incident: string; mode: Mode }>(DUE, [now.toISOString()]);
  return rows.map(({ incident, mode }) => ({ reason: 'SITREP_DUE', topic: 'SITUATION_REPORT', incident, mode }));
}
