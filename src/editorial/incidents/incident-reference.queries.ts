import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../../database/sql-in.ts';
import { type FieldFault, invalidInput } from '../../errors.ts';
import type { Content } from '../../publications/content/content.ts';
import type { IncidentRow } from './incident.entity.ts';

type Belonging = Pick<Content, 'incidentId' | 'mode'>;

/**
 * Refuses an incident that a content may not name: one that is not there, one of another mode (I-37), and one that is closed,
 * unless the content before named it too. The incident is not closed until the transaction ends.
 */
export async function demandIncident(em: EntityManager, content: Belonging, before: Belonging | null): Promise<void> {
  const { incidentId, mode } = content;
  if (incidentId === null || (before?.incidentId === incidentId && before.mode === mode)) return;
  const [incident] = await sqlIn(em)<Pick<IncidentRow, 'state' | 'mode'>>(
    'select state, mode from incident where id = ? for share',
    [incidentId],
  );
  if (!incident) throw refused({ path: 'input.incidentId', message: 'must be the id of an incident' });
  if (incident.state === 'CLOSED' && before?.incidentId !== incidentId)
    throw refused({
      path: 'input.incidentId',
      message: 'must be the id of an incident that is open: this one is closed',
    });
  if (incident.mode !== mode)
    throw refused({ path: 'input.mode', message: `must be ${incident.mode}, as that of the incident is` });
}

const refused = (fault: FieldFault) => invalidInput([fault]);
