import { v7 as uuid } from 'uuid';
import { demand } from '../access/permissions.rules.ts';
import { sqlIn } from '../database/sql-in.ts';
import { Incident } from '../editorial/incidents/incident.entity.ts';
import { HubError, invalidInput } from '../errors.ts';
import { notFound } from '../office/lock.queries.ts';
import type { UnitOfWork } from '../office/unit-of-work.ts';
import { isUuid } from '../uuid.ts';
import { readParts } from './read-parts.ts';
import { SituationReport } from './situation-report.entity.ts';
import { NO_WORDS, type SituationParts, type SituationReportState } from './situation-report.rules.ts';
import { draftInHand, type OneSituationReport } from './situation-work.ts';

/** The last situation report of an incident, as far as the next one follows from it. */
interface Last {
  id: string;
  number: number;
  edition: number;
  state: SituationReportState;
  parts: SituationParts;
}

export interface NewSituationReport {
  incident: string;
  /** The id of the last one, where the new one is its next edition. */
  replaces?: string | null;
}

/**
 * Begins a situation report of an incident: the next number, or the next edition of the last number, which begins with its words.
 * NOT_FOUND without the incident; CONFLICT while there is a draft; INVALID_INPUT for one to be replaced that is not the last.
 */
export async function draftSituationReport(
  work: UnitOfWork,
  { incident, replaces = null }: NewSituationReport,
): Promise<{ id: string }> {
  const { em, actor } = work;
  demand(actor, 'draftSituationReport');
  if (!isUuid(incident)) throw notFound('incident', incident);
  const sql = sqlIn(em);
  await sql('select lock_situation_reports(?::uuid)', [incident]);
  const [found] = await sql<{ last: Last | null }>(
    `select (select json_build_object('id', r.id, 'number', r.number, 'edition', r.edition, 'state', r.state, 'parts', r.parts)
       from situation_report r where r.incident_id = i.id order by r.number desc, r.edition desc limit 1) as last
     from incident i where i.id = ?::uuid`,
    [incident],
  );
  if (!found) throw notFound('incident', incident);
  const { last } = found;
  if (last?.state === 'DRAFT')
    throw new HubError('CONFLICT', `there is a draft already, of number ${last.number}: freeze or remove it first`);
  const before = replaces === null ? null : lastOrFault(last, replaces);
  const id = uuid();
  em.create(SituationReport, {
    id,
    version: 1,
    incident: em.getReference(Incident, incident.toLowerCase()),
    number: before?.number ?? (last?.number ?? 0) + 1,
    edition: before ? before.edition + 1 : 1,
    state: 'DRAFT',
    parts: before?.parts ?? NO_WORDS,
    replaces: before && em.getReference(SituationReport, before.id),
  });
  return { id };
}

function lastOrFault(last: Last | null, replaces: string): Last {
  if (last?.id === replaces.toLowerCase()) return last;
  const message =
    'must be the id of the last situation report of this incident: earlier ones are put right by the next';
  throw invalidInput([{ path: 'replaces', message }]);
}

/** Replaces the words of a draft: the whole of them. INVALID_INPUT names every part that is wrong. */
export async function reviseSituationReport(
  work: UnitOfWork,
  { parts, ...which }: OneSituationReport & { parts: unknown },
): Promise<{ id: string }> {
  const report = await draftInHand(work, 'reviseSituationReport', which);
  const read = await readParts(work.em, parts, work.clock.now());
  Object.assign(report, { parts: read, version: report.version + 1 });
  await work.em.flush();
  return { id: report.id };
}

/** Takes a draft away; its number is free again. */
export async function removeSituationReport(work: UnitOfWork, which: OneSituationReport): Promise<{ id: string }> {
  const report = await draftInHand(work, 'removeSituationReport', which);
  const { id } = report;
  work.em.remove(report);
  await work.em.flush();
  return { id };
}
