import type { EntityManager } from '@mikro-orm/postgresql';
import type { CallReason } from '../../calling/call.rules.ts';
import { sqlIn } from '../../database/sql-in.ts';
import { NOBODY_ANSWERED } from '../../flashes/flash.words.ts';
import type { DoneDeed } from '../../office/audit.commands.ts';
import { writeLine } from '../log-line.commands.ts';
import { lineOn } from './deed-line.ts';

const REASONS: Readonly<Record<CallReason, string>> = {
  REVIEW: 'relecture demandée',
  SIGNATURE: 'signature d’un organisme manquante',
  COSIGN: 'contresignature manquante',
  ESCALATED: 'signalement porté à l’attention du bureau',
  FLASH: 'flash, vie en danger',
  ENDS_SOON: 'fin proche, rien n’est décidé',
  DECISION_UNCONFIRMED: 'ordre oral sans acte depuis 24 heures',
  INSTITUTIONS_UNREAD: 'destinataires qui n’ont pas lu l’alerte',
  SITREP_DUE: 'point de situation en retard',
  SOURCE_FAULT: 'flux surveillé en panne',
  ROSTER_HOLE: 'tableau de garde incomplet',
  HUB_FAULT: 'panne de la plateforme',
  RULE_UNMEETABLE: 'règle de signature que trop peu de personnes peuvent satisfaire',
  TEST: 'essai',
};

interface ExhaustedCall {
  incident: string;
  reason: CallReason;
  dossier: string | null;
  report: string | null;
  /** The number of the flash that it is about; null for everything else. */
  flash: number | null;
}

// Only the turn in which nobody was left for the first time: those after it ring everybody again, and leave no line.
const EXHAUSTED_NOW = `
  select c.incident_id as incident, c.reason, c.dossier_id as dossier, c.report_id as report, f.number as flash
  from call c left join flash f on c.reason = 'FLASH' and f.report_id = c.report_id
  where c.id = ?::uuid and c.rung = c.exhausted_rung and c.incident_id is not null`;

/** Writes the line that a call leaves in the log of its incident once everybody was rung in vain. */
export async function logOnCall(em: EntityManager, done: DoneDeed): Promise<void> {
  const [call] = await sqlIn(em)<ExhaustedCall>(EXHAUSTED_NOW, [done.subject]);
  if (!call) return;
  const { reason, flash, ...about } = call;
  const text =
    flash === null
      ? `Appel resté sans réponse, toutes les personnes prévues ont été appelées : ${REASONS[reason]}`
      : `Flash n° ${flash} sans réponse depuis 6 minutes. ${NOBODY_ANSWERED}`;
  await writeLine(em, lineOn(done, { ...about, text, important: true }));
}
