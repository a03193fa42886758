import type { EntityManager } from '@mikro-orm/postgresql';
import { LockMode } from '@mikro-orm/postgresql';
import { demand } from '../access/permissions.rules.ts';
import type { UnitOfWork } from '../office/unit-of-work.ts';
import { demandFirst, LARGEST_DESK_PAGE, type Page, type PageRequest } from '../paging/page.rules.ts';
import { newestFirst, oneOf, type RowCondition, sqlPage } from '../paging/sql-list.queries.ts';
import { Report } from './report.entity.ts';
import { type ReportState, stateAt } from './report.rules.ts';
import type { ReportView } from './report-view.ts';
import { reportViews } from './report-views.queries.ts';

export interface ReportSearch extends PageRequest {
  states?: readonly ReportState[] | null;
  /** French words; accents and case do not matter. */
  search?: string | null;
}

/** One page of reports, the newest first. INVALID_INPUT for a page size or a cursor that cannot be. */
export async function reportsPage({ em, actor, clock }: UnitOfWork, search: ReportSearch): Promise<Page<ReportView>> {
  demand(actor, 'readReports');
  demandFirst(search.first, LARGEST_DESK_PAGE);
  return reportsAsOf(em, search, clock.now());
}

/** The same as of a moment. The caller has checked the page size and the actor's permission. */
export function reportsAsOf(em: EntityManager, search: ReportSearch, now: Date): Promise<Page<ReportView>> {
  return sqlPage(em, NEWEST, conditionsOf(search, now), search, (ids) => reportViews(em, ids, now));
}

/** The SQL of the state of a report at a moment: a claim whose lease has run out is a claim no more. */
export const reportStateSql = (moment: string): string =>
  `case when state = 'CLAIMED' and claimed_until <= ${moment} then 'NEW' else state end`;

function conditionsOf({ states, search }: ReportSearch, now: Date): RowCondition[] {
  const all: RowCondition[] = [];
  if (states) {
    const { sql, values } = oneOf(reportStateSql('?::timestamptz'), states);
    all.push({ sql, values: states.length === 0 ? [] : [now.toISOString(), ...values] });
  }
  // PostgreSQL's protocol refuses U+0000, which is part of no word.
  const words = search?.replaceAll('\0', ' ');
  if (words) all.push({ sql: 'search_vector(text) @@ search_query(?)', values: [words] });
  return all;
}

const NEWEST = newestFirst('report', 'submitted_at');

/** One report, or null where there is none. */
export async function reportById({ em, actor, clock }: UnitOfWork, id: string): Promise<ReportView | null> {
  demand(actor, 'readReports');
  const [view] = await reportViews(em, [id], clock.now());
  return view ?? null;
}

/**
 * The states of reports at a moment, by id: what a dossier rests on. Ids of nothing are left out. `hold` keeps the
 * reports as they are until the caller's transaction ends, so that none is reopened beside a publication.
 */
export async function reportStates(
  em: EntityManager,
  ids: readonly string[],
  now: Date,
  hold = false,
): Promise<Map<string, ReportState>> {
  if (ids.length === 0) return new Map();
  const lock = hold ? { lockMode: LockMode.PESSIMISTIC_READ as const } : {};
  const rows = await em.find(Report, { id: { $in: [...ids] } }, { refresh: true, ...lock });
  return new Map(rows.map((row) => [row.id, stateAt(row, now)]));
}
