import { demand } from '../access/permissions.rules.ts';
import { HubError } from '../errors.ts';
import { demandVersion, lockRow } from '../office/lock.queries.ts';
import type { Office } from '../office/office.ts';
import type { UnitOfWork } from '../office/unit-of-work.ts';
import type { Territory } from '../territory/territory.ts';
import { SituationReport, type SituationReportRow } from './situation-report.entity.ts';

export interface SituationResources {
  territory: Pick<Territory, 'communesOf'>;
}

export type SituationWork = UnitOfWork & SituationResources;
export type SituationOffice = Office<SituationResources>;

/** A situation report, and the version of it that a client saw. */
export interface OneSituationReport {
  id: string;
  version: number;
}

type DraftDeed = 'reviseSituationReport' | 'removeSituationReport' | 'freezeSituationReport';

/**
 * Locks a draft for a deed of the actor until the transaction ends. Throws FORBIDDEN, NOT_FOUND, CONFLICT with the current
 * version, or WRONG_STAGE for one that is no draft any more.
 */
export async function draftInHand(
  { em, actor }: UnitOfWork,
  deed: DraftDeed,
  { id, version }: OneSituationReport,
): Promise<SituationReportRow> {
  demand(actor, deed);
  const report: SituationReportRow = await lockRow(em, { entity: SituationReport, name: 'situation report' }, id);
  demandVersion(report, 'situation report', version);
  if (report.state !== 'DRAFT')
    throw new HubError('WRONG_STAGE', `${deed} is not possible while the situation report is ${report.state}`);
  return report;
}
