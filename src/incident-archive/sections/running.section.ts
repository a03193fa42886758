import type { AreaContent } from '../../publications/content/content.ts';
import { momentOf, rowsOf, type Section } from './archive-source.ts';

interface IncidentRow {
  objectives: string[];
  keywords: string[];
  perimeter: AreaContent | null;
  leftRunning: string[];
  requestedBy: string | null;
  participants: string[];
}

/** How the incident was run. How its people reach each other is left out: those are numbers and addresses. */
export const incidentSection: Section = async function* ({ sql, incident, people }) {
  const [row] = await sql<IncidentRow>(
    `select i.objectives, i.keywords, i.perimeter, i.left_running as "leftRunning", o.name as "requestedBy",
       array(select p.name from incident_participant x join organisation p on p.id = x.organisation_id
         where x.incident_id = i.id order by p.name) as participants
     from incident i left join organisation o on o.id = i.requested_by_id where i.id = ?::uuid`,
    [incident],
  );
  if (!row) return;
  const { perimeter, objectives, keywords, ...rest } = row;
  yield {
    type: 'incident',
    ...rest,
    objectives: objectives.map((one) => people.clean(one)),
    keywords: keywords.map((one) => people.clean(one)),
    perimeter: perimeter && { description: people.clean(perimeter.description), communes: perimeter.communes },
  };
};

interface PeriodRow {
  openedAt: string;
  openedFor: string | null;
  closedAt: string | null;
  closedFor: string | null;
}

export const periodsSection: Section = async function* ({ sql, incident, people }) {
  const rows = rowsOf<PeriodRow>(
    sql,
    `select opened_at as "openedAt", opened_for as "openedFor", closed_at as "closedAt", closed_for as "closedFor"
     from incident_period where incident_id = ?::uuid order by opened_at, id`,
    [incident],
  );
  for await (const { openedAt, openedFor, closedAt, closedFor } of rows)
    yield {
      type: 'period',
      at: momentOf(openedAt),
      openedFor: people.clean(openedFor),
      closedAt: momentOf(closedAt),
      closedFor: people.clean(closedFor),
    };
};

export const levelsSection: Section = async function* ({ sql, incident, people }) {
  const rows = rowsOf<{ at: string; level: string; reason: string }>(
    sql,
    'select at, level, reason from incident_level_change where incident_id = ?::uuid order by at, id',
    [incident],
  );
  for await (const { at, level, reason } of rows)
    yield { type: 'level', at: momentOf(at), level, reason: people.clean(reason) };
};

interface ShiftRow {
  id: string;
  function: string;
  account: string;
  rank: number;
  startsAt: string;
  endsAt: string;
  handedTo: string | null;
  endedAt: string | null;
  relieves: string | null;
}

/** The people on duty, by number. Their notes to one another are left out. */
export const shiftsSection: Section = async function* ({ sql, incident, people }) {
  const rows = rowsOf<ShiftRow>(
    sql,
    `select id, duty_function as "function", account_id as account, rank, starts_at as "startsAt", ends_at as "endsAt",
       handed_to_id as "handedTo", ended_at as "endedAt", relieves
     from duty_shift where incident_id = ?::uuid order by starts_at, id`,
    [incident],
  );
  for await (const { id, account, startsAt, endsAt, handedTo, endedAt, ...row } of rows)
    yield {
      type: 'shift',
      id,
      at: momentOf(startsAt),
      to: momentOf(endsAt),
      by: people.of(account),
      ...row,
      handedTo: people.of(handedTo),
      endedAt: momentOf(endedAt),
    };
};
