import type { EntityManager } from '@mikro-orm/postgresql';
import { publicStateSql } from '../board/archive.queries.ts';
import { parisTime, parisTimeIf } from '../clock.ts';
import { listInJson } from '../database/sql.ts';
import { sqlIn } from '../database/sql-in.ts';
import { onDutySql } from '../duty/duty.queries.ts';
import { DUTY_FUNCTIONS } from '../duty/duty.rules.ts';
import { FRENCH } from '../publications/content/language.rules.ts';
import { kindsInOrder } from '../publications/kinds.ts';
import { gravity, PUBLIC_STATES, SEVERITIES } from '../publications/vocabulary.ts';
import { outdatedSql, UNGROUPED } from '../questions/question-groups.queries.ts';
import { reportStateSql } from '../reports/report.queries.ts';
import { QUESTION, REPORT_STATES } from '../reports/report.rules.ts';
import type { Commune, Territory } from '../territory/territory.ts';
import { type CountInForce, MOST_HEADLINES, type SituationFigures } from './situation-figures.ts';
import type { SituationSnapshot } from './situation-report.rules.ts';

type Communes = Pick<Territory, 'communesOf'>;

/** Figures as PostgreSQL counts them. Moments are text that `Date` reads. */
interface Counted extends Omit<SituationFigures, 'communeNames' | 'inhabitants' | 'since'> {
  since: string | null;
  /** INSEE codes. */
  communes: string[];
}

interface Row {
  id: string;
  head: { epoch: string; position: number };
  logNumber: number;
  counts: Pick<Counted, 'upcoming' | 'published' | 'changed' | 'ended'>;
  counted: Omit<Counted, 'upcoming' | 'published' | 'changed' | 'ended'>;
}

const GRAVITY = `array_position('{${SEVERITIES.join(',')}}'::text[], t.severity)`;
/** The publications of one report's incident that are in force. */
const IN_FORCE = `told t where t.report = a.id and t.state = 'IN_FORCE'`;

// The reports asked for, the publications of their incidents, and the reports that dossiers of these rest on. `since` is where the
// journal stood when the report before was frozen: all that its snapshot saw lies up to there, whatever the hours say.
const COMMON = `
  with moment as materialized (select ?::timestamptz as now),
  asked as materialized (
    select r.id, r.incident_id, i.mode, i.level, i.state, s.as_of as since_at, coalesce(s.position, 0) as since
    from situation_report r join incident i on i.id = r.incident_id left join lateral (
      select f.as_of, f.position from situation_report f
      where f.incident_id = r.incident_id and f.state = 'FROZEN' and f.number < r.number
      order by f.number desc limit 1) s on true
    where r.id in (?)),
  told as materialized (
    select a.id as report, p.id, p.kind, p.severity, p.communes, p.revised_at, p.latest_entry_id,
      ${publicStateSql('m.now')} as state,
      exists (select from journal_entry j where j.subject = p.id and j.position <= a.since) as was_public,
      exists (select from journal_entry j where j.subject = p.id and j.position > a.since and j.type = 'UPDATED') as is_revised,
      (p.announced in ('ENDED', 'CANCELLED') or p.closed)
        and exists (select from journal_entry j where j.id = p.latest_entry_id and j.position <= a.since)
        or coalesce(p.ends_at <= a.since_at, false) as was_over
    from asked a join publication p on p.incident_id = a.incident_id and p.mode = a.mode cross join moment m),
  resting as materialized (
    select a.id as of_report, d.id as dossier from asked a join publication d on d.incident_id = a.incident_id
    union select a.id, v.dossier_id from asked a join revision v on v.content->>'incidentId' = a.incident_id::text
    where v.published_at is null and v.abandoned_at is null)`;

const CLOSURES = `(select json_build_object('planned', count(*), 'inPlace', count(*) filter (where c.seen = 'IN_PLACE'),
    'notStarted', count(*) filter (where c.seen = 'NOT_STARTED'), 'reopened', count(*) filter (where c.seen = 'REOPENED'),
    'unseen', count(*) filter (where coalesce(c.seen, 'UNKNOWN') = 'UNKNOWN'))
  from (select (select e.document->'observed'->>'state' from journal_entry e where e.id = t.latest_entry_id) as seen
    from ${IN_FORCE} and t.kind = 'CLOSURE') c)`;

const QUESTIONS = `(select json_build_object('unanswered', count(*) filter (where q.state = 'OPEN'),
    'answered', count(*) filter (where q.state = 'ANSWERED'), 'outdated', count(*) filter (where q.outdated),
    'redirected', count(*) filter (where q.state = 'REDIRECTED'),
    'toGroup', (select count(*) from report where ${UNGROUPED}))
  from (select g.state, ${outdatedSql('m.now')} as outdated from question_group g cross join moment m
    left join publication p on p.id = g.answer_id where g.incident_id = a.incident_id) q)`;

const HEADLINES = listInJson(
  `json_build_object('thread', g.id, 'kind', g.kind, 'severity', g.severity, 'headline', g.headline)`,
  'g.place',
  `(select f.*, (select x->>'headline' from journal_entry e, jsonb_array_elements(e.document->'texts') x
      where e.id = f.latest_entry_id and x->>'language' = '${FRENCH}' limit 1) as headline
    from (select t.id, t.kind, t.severity, t.latest_entry_id,
        row_number() over (order by ${GRAVITY} desc nulls last, t.revised_at desc, t.id) as place
      from ${IN_FORCE} order by place limit ${MOST_HEADLINES}) f) g`,
);

const REPORTS = listInJson(
  `json_build_object('state', n.state, 'count', n.count)`,
  'n.state',
  `(select s.state, count(*)::int as count from (
      select ${reportStateSql('m.now')} as state from report cross join moment m
      where report.id in (select x.report_id from dossier_report x join resting w on w.dossier = x.dossier_id
        where w.of_report = a.id)) s group by 1) n`,
);

const ON_DUTY = listInJson(
  `json_build_object('dutyFunction', n.duty, 'count', n.count)`,
  'n.duty',
  `(select s.duty_function as duty, count(distinct s.account_id)::int as count
    from duty_shift s join incident i on i.id = s.incident_id cross join moment m
    where s.incident_id = a.incident_id and ${onDutySql('m.now')} group by 1) n`,
);

// One statement, so one moment, whatever commits meanwhile: no figure can disagree with another, or with the position.
const SNAPSHOTS = `${COMMON}
  select a.id, (select json_build_object('epoch', epoch, 'position', position) from journal_head where id = 1) as head,
    coalesce((select number from log_head h where h.incident_id = a.incident_id), 0) as "logNumber",
    (select json_build_object('upcoming', count(*) filter (where t.state = 'UPCOMING'),
       'published', count(*) filter (where not t.was_public),
       'changed', count(*) filter (where t.was_public and t.is_revised),
       'ended', count(*) filter (where t.state in ('ENDED', 'CANCELLED') and not t.was_over))
     from told t where t.report = a.id) as counts,
    json_build_object('level', a.level, 'since', a.since_at,
      'inForce', ${listInJson(
        `json_build_object('kind', n.kind, 'severity', n.severity, 'count', n.count)`,
        'n.kind',
        `(select t.kind, t.severity, count(*)::int as count from ${IN_FORCE} group by 1, 2) n`,
      )},
      'gravest', ${HEADLINES},
      'communes', (select coalesce(json_agg(distinct c), '[]') from (select unnest(t.communes) as c from ${IN_FORCE}) n),
      'closures', ${CLOSURES},
      'reports', ${REPORTS},
      'reportsToCheck', (select count(*) from report
        where state in ('NEW', 'CLAIMED') and category is distinct from '${QUESTION}'),
      'questions', ${QUESTIONS},
      'corrections', ${listInJson(
        `json_build_object('state', n.state, 'count', n.count)`,
        'n.state',
        `(select t.state, count(*)::int as count from told t where t.report = a.id and t.kind = 'CORRECTION' group by 1) n`,
      )},
      'sourcesAtFault', ${listInJson('w.name', 'w.name', 'watcher w where w.active and w.fault is not null')},
      'onDuty', ${ON_DUTY}) as counted
  from asked a`;

/**
 * Counts what the hub knows now of the incidents of situation reports, by the ids of these: for all of them by one statement. Within a
 * transaction it sees what that wrote. The caller has checked the actor's permission.
 */
export async function situationSnapshots(
  em: EntityManager,
  ids: readonly string[],
  now: Date,
  territory: Communes,
): Promise<Map<string, SituationSnapshot>> {
  if (ids.length === 0) return new Map();
  const rows = await sqlIn(em)<Row>(SNAPSHOTS, [now.toISOString(), ids]);
  return new Map(rows.map((row) => [row.id, snapshotOf(row, now, territory)]));
}

function snapshotOf({ head, logNumber, counts, counted }: Row, now: Date, territory: Communes): SituationSnapshot {
  const { communes, since, ...figures } = counted;
  // A code of the past means the commune that succeeded it.
  const touched = [...new Set(territory.communesOf(communes))].sort((a, b) => a.name.localeCompare(b.name, 'fr'));
  return {
    asOf: parisTime(now),
    ...head,
    logNumber,
    figures: {
      ...figures,
      ...counts,
      since: parisTimeIf(since === null ? null : new Date(since)),
      inForce: figures.inForce.sort(byKindAndGravity),
      reports: inOrder(figures.reports, ({ state }) => state, REPORT_STATES),
      corrections: inOrder(figures.corrections, ({ state }) => state, PUBLIC_STATES),
      onDuty: inOrder(figures.onDuty, ({ dutyFunction: of }) => of, DUTY_FUNCTIONS),
      communeNames: touched.map(({ name }) => name),
      inhabitants: inhabitantsOf(touched),
    },
  };
}

const KINDS_IN_ORDER = kindsInOrder.map(({ name }) => name);
const rank = ({ severity }: CountInForce): number => (severity === null ? -1 : gravity(severity));
const byKindAndGravity = (a: CountInForce, b: CountInForce): number =>
  KINDS_IN_ORDER.indexOf(a.kind) - KINDS_IN_ORDER.indexOf(b.kind) || rank(b) - rank(a);

const inOrder = <T>(items: readonly T[], nameOf: (item: T) => string, order: readonly string[]): T[] =>
  [...items].sort((a, b) => order.indexOf(nameOf(a)) - order.indexOf(nameOf(b)));

function inhabitantsOf(communes: readonly Commune[]): number | null {
  return communes.reduce<number | null>(
    (total, { population }) => (total === null || population === null ? null : total + population),
    0,
  );
}
