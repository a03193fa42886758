import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../../database/sql-in.ts';
import type { LastingCondition } from './condition.ts';

/** How long something of the hub itself may fail before people are called. */
const FAULT_MS = 10 * 60_000;

const faultOf = (topic: string): LastingCondition => ({ reason: 'HUB_FAULT', topic, incident: null, mode: 'ACTUAL' });

// Hubs agree on these, since PostgreSQL knows them: one hub among others that is at fault is for the load balancer. A letter that no
// relay took is tried without being counted, so one that was tried in vain is its mailbox's fault.
const LETTERS = `
  select from letter where state = 'WAITING' and attempts = 0 and created_at <= ? and expires_at > ? limit 1`;

/** Whether no letter has left for 10 minutes. */
export async function lettersStand(em: EntityManager, now: Date): Promise<LastingCondition[]> {
  const since = new Date(now.getTime() - FAULT_MS).toISOString();
  const rows = await sqlIn(em)(LETTERS, [since, now.toISOString()]);
  return rows.map(() => faultOf('LETTERS'));
}

/** Whether nobody has kept time for 10 minutes, by the database's clock. */
export async function timeStands(em: EntityManager): Promise<LastingCondition[]> {
  const rows = await sqlIn(em)(
    `select from timekeeping_lease where kept_at < now() - interval '${FAULT_MS} milliseconds'`,
  );
  return rows.map(() => faultOf('TIME'));
}
