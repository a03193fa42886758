import { momentOf, rowsOf, type Section, uuids } from './archive-source.ts';

interface CallRow {
  id: string;
  reason: string;
  topic: string | null;
  dossier: string | null;
  report: string | null;
  mode: string;
  severity: string | null;
  at: string;
  by: string | null;
  state: string;
  rung: number;
  exhaustedRung: number | null;
  takenBy: string | null;
  note: string | null;
  endedAt: string | null;
}

const OF_INCIDENT = `(c.incident_id = ?::uuid or c.dossier_id = any(?::uuid[]) or c.report_id = any(?::uuid[]))`;

const CALLS = `
  select c.id, c.reason, c.topic, c.dossier_id as dossier, c.report_id as report, c.mode, c.severity, c.started_at as at, c.caused_by_id as by,
    c.state, c.rung, c.exhausted_rung as "exhaustedRung", c.taken_by_id as "takenBy", c.note, c.ended_at as "endedAt"
  from call c where ${OF_INCIDENT} order by c.started_at, c.id`;

/**
 * The people who were called to what waited. Of a call that is open there is its beginning alone: the clock rings people again and
 * again, and a closed incident would have other bytes each time.
 */
export const callsSection: Section = async function* ({ sql, incident, threads, reports, people }) {
  for await (const row of rowsOf<CallRow>(sql, CALLS, [incident, uuids(threads), uuids(reports)])) {
    const { at, by, state, rung, exhaustedRung, takenBy, note, endedAt, ...about } = row;
    yield {
      type: 'call',
      ...about,
      at: momentOf(at),
      by: people.of(by),
      state: endedAt === null ? 'OPEN' : state,
      endedAt: momentOf(endedAt),
      ...(endedAt === null
        ? {}
        : { rung, exhausted: exhaustedRung !== null, takenBy: people.of(takenBy), note: people.clean(note) }),
    };
  }
};

interface StepRow {
  call: string;
  at: string;
  rung: number;
  by: string;
  way: string;
  outcome: string;
}

const STEPS = `
  select s.call_id as call, s.at, s.rung, s.account_id as by, s.way, s.outcome from call_step s join call c on c.id = s.call_id
  where c.ended_at is not null and ${OF_INCIDENT} order by s.at, s.id`;

/** Each person who was rung, by which way, and whether they answered. */
export const callStepsSection: Section = async function* ({ sql, incident, threads, reports, people }) {
  for await (const row of rowsOf<StepRow>(sql, STEPS, [incident, uuids(threads), uuids(reports)]))
    yield { type: 'call-step', ...row, at: momentOf(row.at), by: people.of(row.by) };
};
