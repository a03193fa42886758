import type { EntityManager } from '@mikro-orm/postgresql';
import { LockMode } from '@mikro-orm/postgresql';
import { z } from 'zod';
import { demand } from '../access/permissions.rules.ts';
import { sqlIn } from '../database/sql-in.ts';
import { demandFirst, ID_PART, Keyset, LARGEST_DESK_PAGE, type PageInfo } from '../graphql/page.rules.ts';
import type { UnitOfWork } from '../office/unit-of-work.ts';
import { Report } from './report.entity.ts';
import { type ReportState, stateAt } from './report.rules.ts';
import type { ReportView } from './report-view.ts';
import { reportViews } from './report-views.queries.ts';

export interface ReportSearch {
  states?: readonly ReportState[] | null;
  /** French words; accents and case do not matter. */
  search?: string | null;
  first: number;
  after?: string | null;
}

export interface ReportPage {
  nodes: ReportView[];
  pageInfo: PageInfo;
}

/** One page of reports, the newest first. INVALID_INPUT for a page size or a cursor that cannot be. */
export async function reportsPage({ em, actor, clock }: UnitOfWork, search: ReportSearch): Promise<ReportPage> {
  demand(actor, 'readReports');
  const now = clock.now();
  const { first } = search;
  demandFirst(first, LARGEST_DESK_PAGE);
  const { where, parameters } = conditionsOf(search, now);
  const found = await sqlIn(em)<{ id: string; at: string }>(
    `select r.id, r.submitted_at as at from report r where ${where} order by r.submitted_at desc, r.id desc limit ?`,
    [...parameters, first + 1],
  );
  const { rows, pageInfo } = NEWEST.pageOf(found, first, ({ at, id }) => [new Date(at).toISOString(), id]);
  const ids = rows.map(({ id }) => id);
  return { nodes: await reportViews(em, ids, now), pageInfo };
}

// A claim whose lease has run out is a claim no more; the parameter is now.
const STATE = `case when r.state = 'CLAIMED' and r.claimed_until <= ?::timestamptz then 'NEW' else r.state end`;

function conditionsOf({ states, search, after }: ReportSearch, now: Date) {
  const all: { sql: string; values: unknown[] }[] = [{ sql: 'true', values: [] }];
  if (states)
    all.push({
      sql: states.length === 0 ? 'false' : `${STATE} in (${states.map(() => '?').join(', ')})`,
      values: states.length === 0 ? [] : [now.toISOString(), ...states],
    });
  // PostgreSQL's protocol refuses U+0000, which is part of no word.
  const words = search?.replaceAll('\0', ' ');
  if (words) all.push({ sql: 'search_vector(r.text) @@ search_query(?)', values: [words] });
  if (after) all.push({ sql: '(r.submitted_at, r.id) < (?::timestamptz, ?::uuid)', values: NEWEST.keyOf(after) });
  return { where: all.map(({ sql }) => sql).join(' and '), parameters: all.flatMap(({ values }) => values) };
}

const NEWEST = new Keyset(z.tuple([z.iso.datetime(), ID_PART]));

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
