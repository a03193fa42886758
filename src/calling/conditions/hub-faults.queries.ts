import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../../database/sql-in.ts';
import type { LastingCondition } from './condition.ts';

/** How long something of the hub itself may fail before people are called. */
const FAULT_MS = 10 * 60_000;

// Hubs agree on these, since PostgreSQL knows them: one hub among others that is at fault is for the load balancer. A letter that no
// relay took is tried without being counted, so one that was tried in vain is its mailbox's fault.
const FAULTS = `
  select 'TIME' as topic from timekeeping_lease where kept_at < now() - interval '${FAULT_MS} milliseconds'
  union all
  select 'LETTERS' where exists (
    select from letter where state = 'WAITING' and attempts = 0 and created_at <= ? and expires_at > ?)`;

/** The faults of the hub itself that have lasted for 10 minutes: nobody keeps time, or no letter leaves. */
export async function hubFaults(em: EntityManager, now: Date): Promise<LastingCondition[]> {
  const since = new Date(now.getTime() - FAULT_MS).toISOString();
  const rows = await sqlIn(em)<{ topic: string }>(FAULTS, [since, now.toISOString()]);
  return rows.map(({ topic }) => ({ reason: 'HUB_FAULT', topic, incident: null, mode: 'ACTUAL' }));
}
