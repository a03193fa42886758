import { z } from 'zod';
import { demand } from '../../access/permissions.rules.ts';
import { HubError, readInput } from '../../errors.ts';
import { demandVersion, lockRow } from '../../office/lock.queries.ts';
import type { UnitOfWork } from '../../office/unit-of-work.ts';
import { plainText } from '../../publications/content/text/plain-text.ts';
import { Incident, type IncidentRow } from './incident.entity.ts';
import { type IncidentDeed, mayBeDone } from './incident.rules.ts';

/** An incident, and the version of it that a client saw. */
export interface OneIncident {
  id: string;
  version: number;
}

/**
 * Locks an incident for a deed of the actor until the transaction ends. Throws FORBIDDEN, NOT_FOUND, CONFLICT with the
 * current version, or WRONG_STAGE in a state in which it is not done.
 */
export async function incidentInHand(
  { em, actor }: UnitOfWork,
  deed: IncidentDeed,
  { id, version }: OneIncident,
): Promise<IncidentRow> {
  demand(actor, deed);
  const incident: IncidentRow = await lockRow(em, { entity: Incident, name: 'incident' }, id);
  demandVersion(incident, 'incident', version);
  if (!mayBeDone(deed, incident.state))
    throw new HubError('WRONG_STAGE', `${deed} is not possible while the incident is ${incident.state}`);
  return incident;
}

const reasonGiven = z.object({ reason: plainText(2000) });

/** The reason that staff give for a deed; INVALID_INPUT where there is none to read. */
export const readReason = (reason: string): string => readInput(reasonGiven, { reason }).reason;

/** Writes what changed of an incident that is in hand, as its next version. */
export async function changeIncident(
  { em }: UnitOfWork,
  incident: IncidentRow,
  to: Partial<Omit<IncidentRow, 'id' | 'version' | 'mode' | 'openedAt'>>,
): Promise<{ id: string }> {
  Object.assign(incident, { ...to, version: incident.version + 1 });
  await em.flush();
  return { id: incident.id };
}
