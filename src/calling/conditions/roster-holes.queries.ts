import type { EntityManager } from '@mikro-orm/postgresql';
import { rosterAhead } from '../../duty/holes.queries.ts';
import type { LastingCondition } from './condition.ts';

/** A shorter hole is a handover that was planned with a gap. */
const LEAST_MS = 15 * 60_000;

/**
 * The functions that somebody must have, and that nobody has for a while within the next 24 hours. A roster that nobody keeps has
 * no holes: those of an incident are told where it or the standing roster has any shift.
 */
export async function rosterHolesAhead(em: EntityManager, now: Date): Promise<LastingCondition[]> {
  const { incidents, shifts, holes } = await rosterAhead(em, now);
  const kept = new Set(shifts.map(({ incident }) => incident));
  const found = holes
    .filter(({ reason, from, to }) => reason === 'NOBODY' && to.getTime() - from.getTime() >= LEAST_MS)
    .filter(({ incident }) => kept.has(incident) || (incident !== null && kept.has(null)))
    .map(({ incident, dutyFunction }): LastingCondition => {
      const mode = incidents.find(({ id }) => id === incident)?.mode ?? 'ACTUAL';
      return { reason: 'ROSTER_HOLE', topic: dutyFunction, incident, mode };
    });
  const each = new Map(found.map((one) => [`${one.topic} ${one.incident}`, one]));
  return [...each.values()];
}
