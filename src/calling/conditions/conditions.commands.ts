import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../../database/sql-in.ts';
import { type CallReason, NOTED_MS } from '../call.rules.ts';
import type { LastingCondition } from './condition.ts';
import { lettersStand, timeStands } from './hub-faults.queries.ts';
import { rosterHolesAhead } from './roster-holes.queries.ts';
import { situationReportsDue } from './situation-reports-due.queries.ts';
import { unmeetableRules } from './unmeetable-rules.queries.ts';

const FOUND = 'jsonb_to_recordset(?::jsonb) as f(reason text, topic text, incident uuid, mode text)';

// A condition is no deed: the clock ends its call as soon as it finds it gone.
const END = `
  update call c set state = 'DONE', ended_at = greatest(c.started_at, ?), due_at = null
  where c.reason in (?) and c.topic is not null and c.ended_at is null and not exists (
    select from ${FOUND} where f.reason = c.reason and f.topic = c.topic and f.incident is not distinct from c.incident_id)`;

// A call that its turn ended, since somebody had taken it, is taken until no moment any more.
const OPEN = `
  insert into call (id, reason, topic, incident_id, mode, state, started_at, rung, due_at)
  select gen_random_uuid(), f.reason, f.topic, f.incident, f.mode, 'RINGING', ?, 0, ? from ${FOUND}
  where not exists (
    select from call c
    where c.reason = f.reason and c.topic = f.topic and c.incident_id is not distinct from f.incident
      and (c.ended_at is null or (c.taken_by_id is not null and c.taken_until is null and c.ended_at > ?)))
  on conflict do nothing`;

/** Opens a call for each condition, unless one is open, or somebody took one to it lately. */
async function open(em: EntityManager, found: readonly LastingCondition[], now: Date): Promise<void> {
  if (found.length === 0) return;
  const at = now.toISOString();
  await sqlIn(em)(OPEN, [at, at, JSON.stringify(found), new Date(now.getTime() - NOTED_MS).toISOString()]);
}

/** Has a call open for each condition that is there, and for no other of these reasons. */
async function keepCalling(
  em: EntityManager,
  { reasons, found, now }: { reasons: readonly CallReason[]; found: readonly LastingCondition[]; now: Date },
): Promise<void> {
  await sqlIn(em)(END, [now.toISOString(), reasons, JSON.stringify(found)]);
  await open(em, found, now);
}

/** Calls people to holes of the roster, situation reports that are due, and rules that cannot be met. */
export async function callAboutConditions(em: EntityManager, now: Date): Promise<void> {
  const found = [
    ...(await rosterHolesAhead(em, now)),
    ...(await situationReportsDue(em, now)),
    ...(await unmeetableRules(em)),
  ];
  await keepCalling(em, { reasons: ['ROSTER_HOLE', 'SITREP_DUE', 'RULE_UNMEETABLE'], found, now });
}

/** Calls people to faults of the hub itself, as the hub that keeps time finds them: where it does, time does not stand. */
export const callAboutHub = async (em: EntityManager, now: Date): Promise<void> =>
  keepCalling(em, { reasons: ['HUB_FAULT'], found: await lettersStand(em, now), now });

/** When hubs start after a while, nobody has kept time for as long: one of them begins to within seconds. */
const LOOKS = 15;

/**
 * Calls people where nobody keeps time, which the other hubs have to say, once they have found so at each of several looks, a second apart.
 * The one that keeps it again ends the call.
 */
export function callingWhereTimeStands(): (em: EntityManager, now: Date) => Promise<void> {
  let looks = 0;
  return async (em, now) => {
    const found = await timeStands(em);
    looks = found.length > 0 ? looks + 1 : 0;
    if (looks >= LOOKS) await open(em, found, now);
  };
}
