import { z } from 'zod';
import { demand } from '../../access/permissions.rules.ts';
import { sqlIn } from '../../database/sql-in.ts';
import { readInput } from '../../errors.ts';
import { notFound } from '../../office/lock.queries.ts';
import { plainLine } from '../../publications/content/text/plain-text.ts';
import { isUuid } from '../../uuid.ts';
import type { InstitutionWork } from '../institution-work.ts';

export interface TakenCharge {
  institution: string;
  publication: string;
  /** The person or the function that takes charge. */
  takenBy: string;
}

/** Notes what the desk heard by telephone. NOT_FOUND where the institution was not written to about the publication. */
export async function acknowledgeForInstitution(work: InstitutionWork, heard: TakenCharge): Promise<{ id: string }> {
  demand(work.actor, 'acknowledgeForInstitution');
  const { takenBy } = readInput(z.object({ takenBy: plainLine(100) }), heard);
  const { institution, publication } = heard;
  if (!isUuid(institution)) throw notFound('institution', institution);
  if (!isUuid(publication)) throw notFound('publication', publication);
  return acknowledgeNotice(work, { institution, publication, takenBy });
}

/** Notes who takes charge; the first who says so stays. NOT_FOUND where nobody was asked. */
export async function acknowledgeNotice(
  { em, clock }: Pick<InstitutionWork, 'em' | 'clock'>,
  { institution, publication, takenBy }: TakenCharge,
): Promise<{ id: string }> {
  const [row] = await sqlIn(em)<{ id: string }>(
    `update institution_notice set acknowledged_at = coalesce(acknowledged_at, ?), acknowledged_as = coalesce(acknowledged_as, ?)
     where institution_id = ?::uuid and publication = ?::uuid returning id`,
    [clock.now().toISOString(), takenBy, institution, publication],
  );
  if (!row) throw notFound('notice', publication);
  return row;
}
