import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../../database/sql-in.ts';
import type { DutyFunction } from '../../duty/duty.rules.ts';
import { DUTY_FUNCTION_WORDS } from '../../duty/duty.words.ts';
import type { IncidentLevel } from '../../editorial/incidents/incident.rules.ts';
import { LEVEL_WORDS } from '../../editorial/incidents/incident.words.ts';
import type { Deed, DoneDeed } from '../../office/audit.commands.ts';
import { writeLine } from '../log-line.commands.ts';
import { lineOn } from './deed-line.ts';
import { motive } from './deed-words.rules.ts';

/** The deeds on an incident itself, on the shifts of its cell, and on its situation reports. */

/** An incident as a deed left it, with the reasons given last. */
interface IncidentThen {
  level: IncidentLevel;
  levelReason: string | null;
  closedFor: string | null;
  openedFor: string | null;
}

const ON_INCIDENTS: Partial<Record<Deed['action'], (then: IncidentThen) => string>> = {
  setIncidentLevel: ({ level, levelReason }) => `Niveau : ${LEVEL_WORDS[level]}${motive(levelReason)}`,
  closeIncident: ({ closedFor }) => `Incident clos${motive(closedFor)}`,
  reopenIncident: ({ openedFor }) => `Incident rouvert${motive(openedFor)}`,
};
const ON_SHIFTS: Partial<Record<Deed['action'], string>> = {
  handOver: 'Relève demandée',
  takeOver: 'Relève prise',
};

export const isToldOfIncidents = (action: Deed['action']): boolean => ON_INCIDENTS[action] !== undefined;
export const isToldOfShifts = (action: Deed['action']): boolean => ON_SHIFTS[action] !== undefined;

const INCIDENT = `
  select i.level, p.opened_for as "openedFor", p.closed_for as "closedFor",
    (select c.reason from incident_level_change c where c.incident_id = i.id order by c.at desc, c.id desc limit 1) as "levelReason"
  from incident i left join lateral (
    select opened_for, closed_for from incident_period where incident_id = i.id order by opened_at desc, id desc limit 1) p on true
  where i.id = ?::uuid`;

/** Writes the line about a deed on an incident. */
export async function logOnIncident(em: EntityManager, done: DoneDeed): Promise<void> {
  const [then] = await sqlIn(em)<IncidentThen>(INCIDENT, [done.subject]);
  const text = then && ON_INCIDENTS[done.action]?.(then);
  if (text) await writeLine(em, lineOn(done, { incident: done.subject, text, important: true }));
}

/** Writes the line about a deed on a shift of an incident; those of the standing roster belong to no log. */
export async function logOnShift(em: EntityManager, done: DoneDeed): Promise<void> {
  const [shift] = await sqlIn(em)<{ incident: string; of: DutyFunction }>(
    'select incident_id as incident, duty_function as of from duty_shift where id = ?::uuid and incident_id is not null',
    [done.subject],
  );
  const what = ON_SHIFTS[done.action];
  if (shift && what)
    await writeLine(em, lineOn(done, { incident: shift.incident, text: `${what} : ${DUTY_FUNCTION_WORDS[shift.of]}` }));
}

/** Writes the line about a situation report that was frozen. */
export async function logFrozenReport(em: EntityManager, done: DoneDeed): Promise<void> {
  const [report] = await sqlIn(em)<{ incident: string; number: number; edition: number }>(
    'select incident_id as incident, number, edition from situation_report where id = ?::uuid',
    [done.subject],
  );
  if (!report) return;
  const { incident, number, edition } = report;
  const again = edition > 1 ? `, édition ${edition}, qui remplace l’édition ${edition - 1}` : '';
  await writeLine(
    em,
    lineOn(done, { incident, text: `Point de situation n° ${number} arrêté${again}`, important: true }),
  );
}
