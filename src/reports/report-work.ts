import type { EntityManager } from '@mikro-orm/postgresql';
import { HubError } from '../errors.ts';
import { lockRow } from '../office/lock.queries.ts';
import type { Office } from '../office/office.ts';
import type { UnitOfWork } from '../office/unit-of-work.ts';
import type { Territory } from '../territory/territory.ts';
import { Report, type ReportRow } from './report.entity.ts';
import { type ReportTransition, reportLeadsFrom, stateAt } from './report.rules.ts';

export interface ReportResources {
  territory: Pick<Territory, 'byCode' | 'communeAt' | 'touchesDepartement'>;
}

export type ReportWork = UnitOfWork & ReportResources;
export type ReportOffice = Office<ReportResources>;

/** Locks a report for this transaction: what it holds is what was last committed. Throws NOT_FOUND. */
export const lockReport = (em: EntityManager, id: string): Promise<ReportRow> =>
  lockRow(em, { entity: Report, name: 'report' }, id);

/** Throws WRONG_STAGE unless the transition may start where the report stands now. */
export function demandState(report: ReportRow, transition: ReportTransition, now: Date): void {
  const state = stateAt(report, now);
  if (!reportLeadsFrom(transition, state))
    throw new HubError('WRONG_STAGE', `${transition} is not possible in state ${state}`);
}
