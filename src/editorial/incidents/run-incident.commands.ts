import { v7 as uuid } from 'uuid';
import { sqlIn } from '../../database/sql-in.ts';
import { HubError, invalidInput } from '../../errors.ts';
import type { UnitOfWork } from '../../office/unit-of-work.ts';
import type { IncidentRow } from './incident.entity.ts';
import type { IncidentLevel } from './incident.rules.ts';
import { IncidentLevelChange, IncidentPeriod } from './incident-period.entity.ts';
import { changeIncident, incidentInHand, type OneIncident, readReason } from './incident-work.ts';

type WithReason = OneIncident & { reason: string };

/** Raises or lowers the level of an open incident. INVALID_INPUT for the level that it has. */
export async function setIncidentLevel(
  work: UnitOfWork,
  { level, reason, ...which }: WithReason & { level: IncidentLevel },
): Promise<{ id: string }> {
  const incident = await incidentInHand(work, 'setIncidentLevel', which);
  const read = readReason(reason);
  if (incident.level === level)
    throw invalidInput([{ path: 'level', message: `must be another one: the level is ${level} already` }]);
  work.em.create(IncidentLevelChange, { id: uuid(), incident, level, reason: read, at: work.clock.now() });
  return changeIncident(work, incident, { level });
}

/**
 * Closes an incident, which is on standby from then on. WRONG_STAGE, with the list, while publications of it are in force
 * or to come that `leaveRunning` does not name (I-38), or people are called to a dossier or report of it.
 */
export async function closeIncident(
  work: UnitOfWork,
  { reason, leaveRunning, ...which }: WithReason & { leaveRunning: readonly string[] },
): Promise<{ id: string }> {
  const { em, clock } = work;
  const incident = await incidentInHand(work, 'closeIncident', which);
  const closedFor = readReason(reason);
  const leftRunning = await leftRunningOf(work, incident, leaveRunning);
  await em.nativeUpdate(IncidentPeriod, { incident, closedAt: null }, { closedAt: clock.now(), closedFor });
  return changeIncident(work, incident, { state: 'CLOSED', level: 'STANDBY', leftRunning });
}

/** Opens an incident that was closed, on standby: a new period begins. */
export async function reopenIncident(work: UnitOfWork, { reason, ...which }: WithReason): Promise<{ id: string }> {
  const { em, clock } = work;
  const incident = await incidentInHand(work, 'reopenIncident', which);
  em.create(IncidentPeriod, { id: uuid(), incident, openedAt: clock.now(), openedFor: readReason(reason) });
  return changeIncident(work, incident, { state: 'OPEN', leftRunning: [] });
}

/** A publication of an incident, and whether it is in force or to come; or a call about it, with its reason. */
interface OfIncident {
  id: string;
  reason: string | null;
  runs: boolean;
  headline: string | null;
}

const HEADLINE = `(select t->>'headline' from jsonb_array_elements(r.content->'texts') t where t->>'language' = 'fr-FR' limit 1)`;

// The trigger that closes an incident counts the same publications. A call that is about neither a dossier nor a report waits for
// nobody's decision, and a closed incident needs it no more.
const OF_INCIDENT = `
  select p.id, null as reason, not p.closed and (p.ends_at is null or p.ends_at > ?) as runs, ${HEADLINE} as headline,
    p.revised_at as since
  from publication p left join revision r on r.id = p.live_revision_id
  where p.incident_id = ?
  union all
  select c.id, c.reason, true, (
      select ${HEADLINE} from revision r where r.dossier_id = c.dossier_id and r.abandoned_at is null
      order by r.number desc limit 1), c.started_at
  from call c
  where c.incident_id = ? and c.ended_at is null and (c.dossier_id is not null or c.report_id is not null)
  order by since, id`;

/** Most publications or calls that the message of a refusal names; `running` and `openCalls` list up to a hundred. */
const MOST_IN_WORDS = 5;
const MOST_LISTED = 100;

async function leftRunningOf(
  { em, clock }: UnitOfWork,
  { id }: IncidentRow,
  leaveRunning: readonly string[],
): Promise<string[]> {
  const ofIncident = await sqlIn(em)<OfIncident>(OF_INCIDENT, [clock.now().toISOString(), id, id]);
  const all = ofIncident.filter(({ reason }) => reason === null);
  const known = new Set(all.map((one) => one.id));
  const named = leaveRunning.map((one) => one.toLowerCase());
  const faults = named.flatMap((one, index) =>
    known.has(one)
      ? []
      : [{ path: `leaveRunning.${index}`, message: 'must be the id of a publication of this incident' }],
  );
  if (faults.length > 0) throw invalidInput(faults);
  const running = all.filter(({ runs }) => runs);
  const left = new Set(named);
  const forgotten = running.filter((one) => !left.has(one.id));
  if (forgotten.length > 0) throw stillRunning(forgotten);
  const calls = ofIncident.filter((one): one is OpenCall => one.reason !== null);
  if (calls.length > 0) throw stillCalled(calls);
  return running.map((one) => one.id);
}

function stillRunning(publications: readonly OfIncident[]): HubError {
  return new HubError(
    'WRONG_STAGE',
    `in force or to come: ${inWords(publications, quoted)}; end them, or name them in leaveRunning`,
    { running: publications.slice(0, MOST_LISTED).map(({ id, headline }) => ({ id, headline: headline ?? id })) },
  );
}

type OpenCall = OfIncident & { reason: string };

function stillCalled(calls: readonly OpenCall[]): HubError {
  const words = inWords(calls, ({ reason, ...one }) => `${reason} of ${quoted(one)}`);
  return new HubError('WRONG_STAGE', `people are still called: ${words}; decide what they are called to first`, {
    openCalls: calls.slice(0, MOST_LISTED).map(({ id, reason, headline }) => ({ id, reason, headline })),
  });
}

const quoted = ({ id, headline }: Pick<OfIncident, 'id' | 'headline'>): string => `« ${headline ?? id} »`;

function inWords<T>(all: readonly T[], word: (one: T) => string): string {
  const more = all.length > MOST_IN_WORDS ? [`and ${all.length - MOST_IN_WORDS} more`] : [];
  return [...all.slice(0, MOST_IN_WORDS).map(word), ...more].join(', ');
}
