import type { EntityManager } from '@mikro-orm/postgresql';
import { personIfInJson, personInJson } from '../access/account.queries.ts';
import type { Actor } from '../access/actor.ts';
import { demand, permits } from '../access/permissions.rules.ts';
import { parisTime, parisTimeIf } from '../clock.ts';
import { sqlIn } from '../database/sql-in.ts';
import { present } from '../office/present.rules.ts';
import { demandFirst, type Page, type PageRequest } from '../paging/page.rules.ts';
import { newestFirst, oneOf, type RowCondition, sqlPage } from '../paging/sql-list.queries.ts';
import type { Mode } from '../publications/vocabulary.ts';
import { isUuid } from '../uuid.ts';
import { type CallReason, type CallState, type ContactWay, reasonsOf, type StepOutcome } from './call.rules.ts';

interface Person {
  id: string;
  name: string;
}

interface StepView {
  account: Person;
  way: ContactWay;
  rungAt: string;
  outcome: StepOutcome;
}

/** A call as the desk sees it. */
export interface CallView {
  id: string;
  reason: CallReason;
  /** Ids of what it is about, if any; a topic stands for what has none. */
  dossier: string | null;
  report: string | null;
  watcher: string | null;
  topic: string | null;
  /** Institutions that have not read of the alert now; null for other reasons. */
  unread: number | null;
  incident: { id: string; slug: string; title: string } | null;
  state: CallState;
  mode: Mode;
  startedAt: string;
  endedAt: string | null;
  nextAt: string | null;
  takenBy: Person | null;
  takenUntil: string | null;
  note: string | null;
  /** The newest, in the order in which people were rung. */
  steps: StepView[];
}

const MOST_STEPS = 50;

// A message that was handed on is answered with the step of its person at the desk.
const STEPS = `
  select d.id, d.account_id, d.way, d.at, d.outcome from call_step d where d.call_id = c.id
  union all
  select m.id, m.account_id, m.way, m.created_at, case when m.outcome = 'ACCEPTED' and exists (
      select from call_step e where e.call_id = c.id and e.account_id = m.account_id and e.outcome = 'ANSWERED')
    then 'ANSWERED' else m.outcome end
  from contact_message m where m.call_id = c.id`;

// Moments come as text that `Date` reads.
const CALLS = `
  select c.id, c.reason, c.dossier_id as dossier, c.report_id as report, c.watcher_id as watcher, c.topic, c.state, c.mode, c.note,
    (select json_build_object('id', i.id, 'slug', i.slug, 'title', i.title) from incident i where i.id = c.incident_id) as incident,
    case c.reason when 'INSTITUTIONS_UNREAD' then (
      select count(*)::int from institution_notice n where n.publication = c.dossier_id and n.acknowledged_at is null) end as unread,
    c.started_at as "startedAt", c.ended_at as "endedAt", c.taken_until as "takenUntil",
    case when c.ended_at is null then c.due_at end as "nextAt", ${personIfInJson('t')} as "takenBy",
    (select coalesce(json_agg(json_build_object('account', x.person, 'way', x.way, 'rungAt', x.at, 'outcome', x.outcome)
        order by x.at, x.id), '[]')
     from (select s.id, s.way, s.at, s.outcome, ${personInJson('a')} as person
       from (${STEPS}) s join account a on a.id = s.account_id
       order by s.at desc, s.id desc limit ${MOST_STEPS}) x) as steps
  from call c left join account t on t.id = c.taken_by_id`;

const dateIf = (text: string | null): Date | null => (text === null ? null : new Date(text));

const viewOf = ({ startedAt, endedAt, nextAt, takenUntil, steps, ...row }: CallView): CallView => ({
  ...row,
  startedAt: parisTime(new Date(startedAt)),
  endedAt: parisTimeIf(dateIf(endedAt)),
  nextAt: parisTimeIf(dateIf(nextAt)),
  takenUntil: parisTimeIf(dateIf(takenUntil)),
  steps: steps.map((step) => ({ ...step, rungAt: parisTime(new Date(step.rungAt)) })),
});

/** Calls by their ids, in no order. The caller has checked the actor's permission. */
export async function callViews(em: EntityManager, ids: readonly string[]): Promise<CallView[]> {
  const known = ids.filter(isUuid);
  if (known.length === 0) return [];
  return (await sqlIn(em)<CallView>(`${CALLS} where c.id in (?)`, [known])).map(viewOf);
}

/** A call as a command of the same request left it. */
export const writtenCall = async (em: EntityManager, id: string): Promise<CallView> =>
  present((await callViews(em, [id]))[0], 'call', id);

/** The open calls about some dossiers and reports, by their ids, the first one first. The caller has checked the permission. */
export async function openCalls(em: EntityManager, subjects: readonly string[]): Promise<Map<string, CallView[]>> {
  const rows = await sqlIn(em)<CallView>(
    `${CALLS} where c.ended_at is null and (c.dossier_id in (?) or c.report_id in (?)) order by c.started_at, c.id`,
    [subjects, subjects],
  );
  return Map.groupBy(rows.map(viewOf), ({ dossier, report }) => dossier ?? report ?? '');
}

/** Which calls a client asks for. */
export interface CallRequest {
  reasons?: readonly CallReason[] | null;
  states?: readonly CallState[] | null;
  /** Those for which the actor was rung. */
  mine?: boolean | null;
}

const NEWEST_FIRST = newestFirst('call', 'started_at');

/** Those that wait for a signature of the organisation of a SIGNATORY, or rang them for a flash. */
const ASKS = `((reason in ('SIGNATURE', 'COSIGN') and dossier_id in (select id from dossiers_asking(?)))
  or (reason = 'FLASH' and id in (select call_id from call_step where account_id = ?::uuid)))`;

/**
 * Among calls, those of which an actor may know who was let in: all for the desk; for others those to which their role is rung,
 * and tests of theirs.
 */
export function knownTo(actor: Actor): RowCondition[] {
  if (permits(actor, 'deskChanges')) return [];
  const signs = actor.roles.includes('SIGNATORY') ? [{ sql: ASKS, values: [actor.id, actor.id] }] : [];
  const administers = actor.roles.includes('ADMIN') ? [oneOf('reason', reasonsOf('ADMIN'))] : [];
  const known: RowCondition[] = [{ sql: 'target_id = ?', values: [actor.id] }, ...signs, ...administers];
  return [{ sql: `(${known.map(({ sql }) => sql).join(' or ')})`, values: known.flatMap(({ values }) => values) }];
}

/** A page of calls, the newest first. INVALID_INPUT for a page that cannot be. */
export async function callPage(
  em: EntityManager,
  actor: Actor | null,
  { reasons, states, mine }: CallRequest,
  request: PageRequest,
): Promise<Page<CallView>> {
  demand(actor, 'readCalls');
  demandFirst(request.first);
  const conditions: RowCondition[] = [
    ...knownTo(actor),
    ...(reasons ? [oneOf('reason', reasons)] : []),
    ...(states ? [oneOf('state', states)] : []),
    ...(mine ? [{ sql: 'id in (select call_id from call_step where account_id = ?::uuid)', values: [actor.id] }] : []),
  ];
  return sqlPage(em, NEWEST_FIRST, conditions, request, (ids) => callViews(em, ids));
}
