import { v7 as uuid } from 'uuid';
import type { Actor } from '../access/actor.ts';
import { demand } from '../access/permissions.rules.ts';
import { firstContact } from '../calling/flash-people.queries.ts';
import { parisTime } from '../clock.ts';
import { sqlIn } from '../database/sql-in.ts';
import { HubError, readInput } from '../errors.ts';
import { notFound } from '../office/lock.queries.ts';
import type { UnitOfWork } from '../office/unit-of-work.ts';
import { isErased, keepApart } from '../reports/personal/personal.commands.ts';
import type { ReportRow } from '../reports/report.entity.ts';
import { PERSONAL_DATA_DAYS, stateAt } from '../reports/report.rules.ts';
import { lockReport } from '../reports/report-work.ts';
import { mayBeFlashed } from './flash.rules.ts';
import { type FlashIncident, incidentOfFlash, sitsInCell } from './flash-incident.queries.ts';
import { mayBeside } from './flash-work.ts';
import { flashInput } from './read-flash.ts';

export interface NewFlash {
  report: string;
  what: unknown;
  place: unknown;
  emergencyCalled: unknown;
  incident?: string | null;
}

/**
 * Tells the Sdis that a report is about a life at stake; no check is awaited. CONFLICT, with the number of the first, where the
 * report has a flash. FORBIDDEN for a volunteer who is not on duty in a cell that sits; a marshal flashes what they reported.
 */
export async function flashReport(work: UnitOfWork, { report: id, ...said }: NewFlash): Promise<{ id: string }> {
  const { em, actor, clock } = work;
  demand(actor, 'flashReport');
  const { what, place, emergencyCalled, incident: named } = readInput(flashInput, said);
  const report = await reportInHand(work, actor, id);
  const now = clock.now();
  await demandFirst(work, report);
  const of = await incidentOfFlash(em, { report: report.id, named, sender: actor.id }, now);
  await demandDuty(work, actor, { ...of, named });
  const contact = await firstContact(em, { ...of, sender: actor.id }, now);
  const words = await keepApart(em, report, [what, place], now);
  await em.flush();
  const flash = uuid();
  await sqlIn(em)(
    `insert into flash (id, report_id, incident_id, mode, to_id, what, place, emergency_called, sent_by_id, sent_at)
     values (?, ?, ?::uuid, ?, ?::uuid, ?, ?, ?, ?, ?)`,
    [flash, report.id, of.incident, of.mode, contact, ...words, emergencyCalled, actor.id, now.toISOString()],
  );
  return { id: flash };
}

/** Locks a report that may be flashed. NOT_FOUND for a marshal also where somebody else submitted it: marshals read no reports. */
async function reportInHand({ em, clock }: UnitOfWork, actor: Actor, id: string): Promise<ReportRow> {
  const report = await lockReport(em, id);
  if (!mayBeside(actor, 'flashReport', 'MARSHAL') && report.submittedBy.id !== actor.id) throw notFound('report', id);
  const state = stateAt(report, clock.now());
  if (!mayBeFlashed(state)) throw new HubError('WRONG_STAGE', `flashReport is not possible in state ${state}`);
  if (isErased(report, clock.now()))
    throw new HubError('WRONG_STAGE', `this report was closed ${PERSONAL_DATA_DAYS} days ago: submit another one`);
  return report;
}

async function demandFirst({ em }: UnitOfWork, report: ReportRow): Promise<void> {
  const [first] = await sqlIn(em)<{ number: number; sentAt: string }>(
    'select number, sent_at as "sentAt" from flash where report_id = ?',
    [report.id],
  );
  if (first)
    throw new HubError(
      'CONFLICT',
      `this report has the flash n° ${first.number}, sent at ${parisTime(new Date(first.sentAt))}`,
    );
}

/** The role lets a volunteer send flashes while the crisis cell sits and the volunteer sits in it; at other times checkers look first. */
async function demandDuty(
  { em, clock }: UnitOfWork,
  actor: Actor,
  { named, mode }: FlashIncident & { named: string | null },
): Promise<void> {
  if (mayBeside(actor, 'flashReport', 'VOLUNTEER')) return;
  if (!(await sitsInCell(em, { account: actor.id, named, mode }, clock.now())))
    throw new HubError(
      'FORBIDDEN',
      'a volunteer flashes while on duty for an incident at PARTIAL or FULL: have a checker escalate the report',
    );
}
