import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor, Role } from '../access/actor.ts';
import { type Action, demand, PERMISSIONS } from '../access/permissions.rules.ts';
import { sqlIn } from '../database/sql-in.ts';
import { lockRow, notFound } from '../office/lock.queries.ts';
import type { UnitOfWork } from '../office/unit-of-work.ts';
import type { RowCondition } from '../paging/sql-list.queries.ts';
import type { ReportRow } from '../reports/report.entity.ts';
import { lockReport } from '../reports/report-work.ts';
import { isUuid } from '../uuid.ts';
import { Flash, type FlashRow } from './flash.entity.ts';

/** Whether an actor may do something by another role than these, which do so within bounds. */
export const mayBeside = (actor: Actor, action: Action, ...bounded: Role[]): boolean =>
  actor.roles.some((role) => !bounded.includes(role) && (PERMISSIONS[action] as readonly Role[]).includes(role));

const SENT_THERE = 'to_id = (select a.organisation_id from account a where a.id = ?::uuid)';
const RUNG = `exists (select 1 from call c join call_step s on s.call_id = c.id
  where c.reason = 'FLASH' and c.report_id = flash.report_id and s.account_id = ?::uuid)`;

/**
 * Among the rows of `flash`, those of which an actor may know by an action that was permitted: all, but for a MARSHAL those that
 * they sent, and for a SIGNATORY those that were sent to their organisation, or for which they were rung.
 */
export function knownFlashes(actor: Actor, action: Action): RowCondition[] {
  if (mayBeside(actor, action, 'MARSHAL', 'SIGNATORY')) return [];
  const { id } = actor;
  if (!actor.roles.includes('SIGNATORY')) return [{ sql: 'sent_by_id = ?::uuid', values: [id] }];
  return [{ sql: `(sent_by_id = ?::uuid or ${SENT_THERE} or ${RUNG})`, values: [id, id, id] }];
}

/** Whether an actor may know of a flash by such an action. */
export async function knowsFlash(em: EntityManager, actor: Actor, action: Action, id: string): Promise<boolean> {
  const conditions = knownFlashes(actor, action);
  if (conditions.length === 0) return true;
  const where = [{ sql: 'id = ?::uuid', values: [id] }, ...conditions];
  const sql = `select 1 from flash where ${where.map((one) => one.sql).join(' and ')}`;
  const values = where.flatMap((one) => one.values);
  return (await sqlIn(em)(sql, values)).length > 0;
}

/**
 * Locks a flash for a deed of the actor until the transaction ends, and its report before it, as everybody does. NOT_FOUND also for
 * one of which the actor may not know.
 */
export async function flashInHand(
  { em, actor }: UnitOfWork,
  deed: Action,
  id: string,
): Promise<{ flash: FlashRow; report: ReportRow; actor: Actor }> {
  demand(actor, deed);
  const [of] = isUuid(id)
    ? await sqlIn(em)<{ report: string }>('select report_id as report from flash where id = ?::uuid', [id])
    : [];
  if (!of) throw notFound('flash', id);
  const report = await lockReport(em, of.report);
  const flash: FlashRow = await lockRow(em, { entity: Flash, name: 'flash' }, id);
  if (!(await knowsFlash(em, actor, deed, flash.id))) throw notFound('flash', id);
  return { flash, report, actor };
}
