import type { EntityManager } from '@mikro-orm/postgresql';
import { LockMode } from '@mikro-orm/postgresql';
import { Account } from '../access/account.entity.ts';
import type { Actor } from '../access/actor.ts';
import type { Clock } from '../clock.ts';
import { HubError } from '../errors.ts';
import { Report, type ReportRow } from './report.entity.ts';
import { leadsFrom, type ReportTransition, stateAt } from './report.rules.ts';

/**
 * What every command on reports is handed: the transaction's entity manager, who acts and what time it is. The caller
 * holds the transaction, so all that a command does commits together or not at all.
 */
export interface ReportDesk {
  em: EntityManager;
  actor: Actor | null;
  clock: Clock;
}

export const accountOf = ({ em }: ReportDesk, actor: Actor) => em.getReference(Account, actor.id);

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Locks a report for this transaction: what it holds is what was last committed. Throws NOT_FOUND. */
export async function lockReport(em: EntityManager, id: string): Promise<ReportRow> {
  const report = UUID.test(id)
    ? await em.findOne(Report, { id: id.toLowerCase() }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true })
    : null;
  if (!report) throw new HubError('NOT_FOUND', `there is no report ${id}`);
  return report;
}

/** Throws WRONG_STAGE unless the transition may start where the report stands now. */
export function demandState(report: ReportRow, transition: ReportTransition, now: Date): void {
  const state = stateAt(report, now);
  if (!leadsFrom(transition, state))
    throw new HubError('WRONG_STAGE', `${transition} is not possible in state ${state}`);
}
