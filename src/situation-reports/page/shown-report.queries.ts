import type { EntityManager } from '@mikro-orm/postgresql';
import { HubError } from '../../errors.ts';
import { present } from '../../office/present.rules.ts';
import type { Territory } from '../../territory/territory.ts';
import { situationSnapshots } from '../situation-figures.queries.ts';
import { contentOf, situationReports } from '../situation-reports.queries.ts';
import type { ShownReport } from './situation-page.ts';

/**
 * Reads what the page of a situation report shows: what was frozen, else a draft with the figures of now. The caller has checked
 * the actor's permission. Throws NOT_FOUND.
 */
export async function shownReport(
  em: EntityManager,
  id: string,
  now: Date,
  territory: Pick<Territory, 'communesOf'>,
): Promise<ShownReport> {
  const report = (await situationReports(em, [id])).values().next().value;
  if (!report) throw new HubError('NOT_FOUND', 'there is no such situation report');
  const frozen = contentOf(report);
  if (frozen) return { report, snapshot: frozen, parts: frozen.parts, tollSource: frozen.tollSource };
  const { parts, tollSource } = report;
  const snapshots = await situationSnapshots(em, [report.id], now, territory);
  const snapshot = present(snapshots.get(report.id), 'situation report', id);
  return { report, snapshot, parts, tollSource: tollSource?.name ?? null };
}
