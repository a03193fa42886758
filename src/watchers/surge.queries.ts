import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../database/sql-in.ts';
import { type Fence, inFencedTransaction } from '../timekeeping/lease.commands.ts';

/** A watcher whose turn it is, and the minutes until the next one. */
export interface DueWatcher {
  id: string;
  everyMinutes: number;
}

/** Incidents in earnest whose level is above standby: while there is one, feeds are read more often. */
const SURGING = `incident where state = 'OPEN' and mode = 'ACTUAL' and level <> 'STANDBY'`;

// The highest level counts: half the minutes, at most 2, or 1. A feed whose turn would come later by the slower pace comes at
// once; one that failed waits as long as its server asked for.
const TAKE_DUE = `
  with surge as (
    select coalesce(max(case level when 'REINFORCED' then 1 when 'PARTIAL' then 2 else 3 end), 0) as rank from ${SURGING}),
  paced as (
    select w.id, w.due_at, w.failures, s.rank, case s.rank
      when 0 then w.every_minutes when 1 then (w.every_minutes + 1) / 2 when 2 then least(w.every_minutes, 2) else 1
    end as minutes
    from watcher w cross join surge s where w.active)
  update watcher set due_at = ?::timestamptz + p.minutes * interval '1 minute' from paced p
  where p.id = watcher.id and watcher.id in (
    select w.id from watcher w join paced q on q.id = w.id
    where w.active and (w.due_at <= ?
      or (q.rank > 0 and w.failures = 0 and w.due_at > ?::timestamptz + q.minutes * interval '1 minute'))
    order by w.due_at limit ? for update of w skip locked)
  returning watcher.id, p.minutes as "everyMinutes"`;

/** Takes the watchers that are due and sets when they are due next, so that no other hub looks meanwhile. */
export function takeDue(em: EntityManager, fence: Fence, now: Date, most: number): Promise<DueWatcher[]> {
  const at = now.toISOString();
  return inFencedTransaction(em, fence, (inside) => sqlIn(inside)<DueWatcher>(TAKE_DUE, [at, at, at, most]));
}

/** The words of all those incidents, sorted: watchers that look for words look for these too. */
export async function surgeKeywords(em: EntityManager): Promise<string[]> {
  const rows = await sqlIn(em)<{ keyword: string }>(
    `select distinct unnest(keywords) as keyword from ${SURGING} order by 1`,
  );
  return rows.map(({ keyword }) => keyword);
}
