import { v7 as uuid } from 'uuid';
import { demand } from '../access/permissions.rules.ts';
import { sqlIn } from '../database/sql-in.ts';
import { Incident } from '../editorial/incidents/incident.entity.ts';
import type { ClaimSigner } from '../office/signing/signed-claims.rules.ts';
import { accountOf, type UnitOfWork } from '../office/unit-of-work.ts';
import { type ArchiveEnd, sealLine } from './archive-pages.ts';
import { sealArchive } from './format/archive-seal.rules.ts';
import { IncidentArchive } from './incident-archive.entity.ts';

/** An archive on record, ready to leave. */
export interface RecordedArchive {
  id: string;
  /** The signature of its end. */
  jws: string;
  /** With its seal. */
  bytes: number;
}

/**
 * Puts on record that somebody takes an archive of an incident, and signs its end. The same archive keeps the signature that it
 * got first, since two signatures of the same bytes differ. The caller sends nothing before this is committed.
 */
export async function recordArchive(
  { em, actor, clock }: UnitOfWork,
  { incident, end, signer }: { incident: string; end: ArchiveEnd; signer: ClaimSigner },
): Promise<RecordedArchive> {
  demand(actor, 'archiveIncident');
  const { hash, lines } = end;
  const sql = sqlIn(em);
  // Two who take the same archive at the same moment get the same bytes.
  await sql('select pg_advisory_xact_lock(hashtextextended(?::text, 4))', [hash]);
  const [first] = await sql<{ seal: string }>(
    'select seal from incident_archive where hash = ? order by at, id limit 1',
    [hash],
  );
  const jws = first?.seal ?? (await sealArchive({ incident, lines, hash }, signer));
  const bytes = end.bytes + Buffer.byteLength(sealLine(end, jws));
  const id = uuid();
  em.create(IncidentArchive, {
    id,
    incident: em.getReference(Incident, incident),
    hash,
    lines: lines + 1,
    bytes,
    seal: jws,
    by: accountOf({ em }, actor),
    at: clock.now(),
  });
  return { id, jws, bytes };
}
