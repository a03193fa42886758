import type { EntityManager } from '@mikro-orm/postgresql';
import { personIfInJson, personInJson } from '../access/account.queries.ts';
import { demand } from '../access/permissions.rules.ts';
import {
  ORGANISATION_IN_JSON,
  type OrganisationInJson,
  type OrganisationView,
  organisationFromJson,
} from '../accounts/organisations/organisation.queries.ts';
import { publicStateSql } from '../board/archive.queries.ts';
import { parisTime, parisTimeIf } from '../clock.ts';
import { sqlIn } from '../database/sql-in.ts';
import type { UnitOfWork } from '../office/unit-of-work.ts';
import { demandFirst, LARGEST_DESK_PAGE, type Page, type PageRequest } from '../paging/page.rules.ts';
import { newestFirst, oneOf, type RowCondition, sqlPage } from '../paging/sql-list.queries.ts';
import { QUESTION } from '../reports/report.rules.ts';
import type { ReportView } from '../reports/report-view.ts';
import { reportViews } from '../reports/report-views.queries.ts';
import { isUuid } from '../uuid.ts';
import type { QuestionGroupState } from './question.rules.ts';

interface Person {
  id: string;
  name: string;
}

/** A group of questions as the desk reads it at a moment. */
export interface QuestionGroupView {
  id: string;
  version: number;
  title: string;
  state: QuestionGroupState;
  incident: { id: string; slug: string; title: string } | null;
  questionCount: number;
  /** Ids of its newest questions, at most 20. */
  newest: string[];
  /** INSEE codes of the places of its questions. */
  communes: string[];
  openedBy: Person;
  openedAt: string;
  /** Since when it is asked often, ten times within an hour, and nothing public answers it. */
  pressingSince: string | null;
  /** The thread that answers it. */
  answer: string | null;
  /** Whether the answer has been revised, is over or was withdrawn since it was given (I-54). */
  outdated: boolean;
  redirectedTo: OrganisationView | null;
  note: string | null;
  decidedBy: Person | null;
  decidedAt: string | null;
}

/** A group as PostgreSQL answers it. Moments are text that `Date` reads. */
type Row = Omit<QuestionGroupView, 'redirectedTo'> & { redirectedTo: OrganisationInJson | null };

/** The newest questions that a group is read with. */
export const MOST_NEWEST = 20;

/** The news in the document of a journal entry: its last revision that is no minor one, and what was seen on the ground. */
const newsSql = (entry: string): string => `jsonb_build_array(
  (select max((h->>'number')::int) from jsonb_array_elements(${entry}.document->'history') h where (h->>'minor')::boolean is not true),
  ${entry}.document->'observed'->'state', ${entry}.document->'observed'->'status')`;

/**
 * The SQL of whether the answer `p` of a group `g` no longer says what it said when it was given, at a moment, which is
 * written twice (I-54).
 */
export const outdatedSql = (moment: string): string => `(g.answer_id is not null
  and (${publicStateSql(moment)} in ('ENDED', 'CANCELLED') or (p.latest_entry_id <> g.answer_entry_id
    and (select ${newsSql('n')} from journal_entry n where n.id = p.latest_entry_id) is distinct from
      (select ${newsSql('n')} from journal_entry n where n.id = g.answer_entry_id))))`;

const GROUPS = `
  with moment as materialized (select ?::timestamptz as now)
  select g.id, g.version, g.title, g.state, g.note, g.answer_id as answer, ${outdatedSql('m.now')} as outdated,
    case when i.id is not null then json_build_object('id', i.id, 'slug', i.slug, 'title', i.title) end as incident,
    (select count(*)::int from report r where r.question_group_id = g.id) as "questionCount",
    array(select r.id::text from report r where r.question_group_id = g.id
      order by r.submitted_at desc, r.id desc limit ${MOST_NEWEST}) as newest,
    array(select distinct r.commune from report r where r.question_group_id = g.id and r.commune is not null) as communes,
    ${personInJson('a')} as "openedBy", g.opened_at as "openedAt", g.pressing_at as "pressingSince",
    ${personIfInJson('d')} as "decidedBy", g.decided_at as "decidedAt",
    (select ${ORGANISATION_IN_JSON} from organisation o where o.id = g.redirected_to_id) as "redirectedTo"
  from question_group g cross join moment m join account a on a.id = g.opened_by_id
  left join account d on d.id = g.decided_by_id left join incident i on i.id = g.incident_id
  left join publication p on p.id = g.answer_id
  where g.id in (?)`;

/** Groups by their ids, as they stand at a moment; ids of nothing are left out. The caller has checked the actor's permission. */
export async function questionGroupViews(
  em: EntityManager,
  ids: readonly string[],
  now: Date,
): Promise<Map<string, QuestionGroupView>> {
  const known = ids.filter(isUuid);
  if (known.length === 0) return new Map();
  const rows = await sqlIn(em)<Row>(GROUPS, [now.toISOString(), known]);
  return new Map(rows.map((row) => [row.id, viewOf(row)]));
}

const viewOf = ({ redirectedTo, openedAt, pressingSince, decidedAt, ...row }: Row): QuestionGroupView => ({
  ...row,
  redirectedTo: redirectedTo && organisationFromJson(redirectedTo),
  openedAt: parisTime(new Date(openedAt)),
  pressingSince: parisTimeIf(pressingSince === null ? null : new Date(pressingSince)),
  decidedAt: parisTimeIf(decidedAt === null ? null : new Date(decidedAt)),
});

/** Whether the answer of a group is outdated at a moment, within the caller's transaction. */
export async function isAnswerOutdated(em: EntityManager, id: string, now: Date): Promise<boolean> {
  const at = now.toISOString();
  const [row] = await sqlIn(em)<{ outdated: boolean }>(
    `select ${outdatedSql('?::timestamptz')} as outdated
     from question_group g left join publication p on p.id = g.answer_id where g.id = ?::uuid`,
    [at, at, id],
  );
  return row?.outdated ?? false;
}

export interface QuestionGroupSearch extends PageRequest {
  states?: readonly QuestionGroupState[] | null;
  incident?: string | null;
  /** True for those whose answer is outdated, false for the others. */
  outdated?: boolean | null;
}

const GROUPS_NEWEST = newestFirst('question_group', 'opened_at');

/** A page of groups, the newest first. INVALID_INPUT for a page size or a cursor that cannot be. */
export async function questionGroupsPage(
  { em, actor, clock }: UnitOfWork,
  search: QuestionGroupSearch,
): Promise<Page<QuestionGroupView>> {
  demand(actor, 'readQuestions');
  demandFirst(search.first, LARGEST_DESK_PAGE);
  const now = clock.now();
  return sqlPage(em, GROUPS_NEWEST, conditionsOf(search, now), search, async (ids) => [
    ...(await questionGroupViews(em, ids, now)).values(),
  ]);
}

function conditionsOf({ states, incident, outdated }: QuestionGroupSearch, now: Date): RowCondition[] {
  const all: RowCondition[] = [];
  if (states) all.push(oneOf('state', states));
  if (incident) all.push(isUuid(incident) ? { sql: 'incident_id = ?::uuid', values: [incident] } : oneOf('state', []));
  if (outdated !== null && outdated !== undefined) {
    const at = now.toISOString();
    all.push({
      sql: `id ${outdated ? 'in' : 'not in'} (select g.id from question_group g join publication p on p.id = g.answer_id
        where ${outdatedSql('?::timestamptz')})`,
      values: [at, at],
    });
  }
  return all;
}

/** The SQL of whether a report is an open question that nobody has grouped. */
export const UNGROUPED = `category = '${QUESTION}' and question_group_id is null and state in ('NEW', 'CLAIMED')`;

const REPORTS_NEWEST = newestFirst('report', 'submitted_at');

/** A page of the questions of a group, or of those that are open and in none, the newest first. */
export async function questionsPage(
  { em, actor, clock }: UnitOfWork,
  { group, ...request }: PageRequest & { group?: string | null },
): Promise<Page<ReportView>> {
  demand(actor, 'readQuestions');
  demandFirst(request.first, LARGEST_DESK_PAGE);
  const among: RowCondition =
    group === null || group === undefined
      ? { sql: UNGROUPED, values: [] }
      : isUuid(group)
        ? { sql: 'question_group_id = ?::uuid', values: [group] }
        : { sql: 'false', values: [] };
  return sqlPage(em, REPORTS_NEWEST, [among], request, (ids) => reportViews(em, ids, clock.now()));
}
