import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../../database/sql-in.ts';
import { type AskedSignature, missingAmong } from '../../editorial/signatures/needs.rules.ts';
import type { DoneDeed } from '../../office/audit.commands.ts';
import { frenchText, type TextContent } from '../../publications/content/content.ts';
import { writeLine } from '../log-line.commands.ts';
import { logOnCall } from './call-deeds.commands.ts';
import { lineOn } from './deed-line.ts';
import {
  type DossierThen,
  deedText,
  ESCALATED,
  isImportant,
  isOnWhatIsPublic,
  isToldOfDossiers,
} from './deed-words.rules.ts';
import { isToldOfFlashes, logOnFlash } from './flash-deeds.commands.ts';
import {
  isToldOfIncidents,
  isToldOfShifts,
  logFrozenReport,
  logOnIncident,
  logOnShift,
} from './incident-deeds.commands.ts';
import { isToldOfQuestions, logOnQuestions } from './question-deeds.commands.ts';

/**
 * Writes the line that a deed leaves in the log of its incident, in the transaction of the deed: both are committed, or neither
 * (I-36). The line names the audit entry. One on what belongs to no incident leaves none.
 */
export async function logDeed(em: EntityManager, done: DoneDeed): Promise<void> {
  if (done.action === 'escalateReport') await logEscalation(em, done);
  else if (done.action === 'ringCall') await logOnCall(em, done);
  else if (isToldOfIncidents(done.action)) await logOnIncident(em, done);
  else if (isToldOfShifts(done.action)) await logOnShift(em, done);
  else if (done.action === 'freezeSituationReport') await logFrozenReport(em, done);
  else if (isToldOfQuestions(done.action)) await logOnQuestions(em, done);
  else if (isToldOfFlashes(done.action)) await logOnFlash(em, done);
  else if (isToldOfDossiers(done.action)) await logOnDossier(em, done);
}

interface DossierRow extends Omit<DossierThen, 'headline' | 'missing'> {
  incident: string;
  texts: TextContent[];
  asked: AskedSignature[];
}

// The revision in hand where there is one, unless the deed was done to what is public.
const DOSSIER = `
  select d.stage, r.number as revision, r.content->>'incidentId' as incident, r.content->'texts' as texts,
    r.urgent_reason as "urgentReason", signatures_asked(awaited_cosignature(d.id)) as asked, case when ?::boolean then e.document end as document
  from dossier d left join publication p on p.id = d.id left join journal_entry e on e.id = p.latest_entry_id
  join revision r on r.id = coalesce(case when ?::boolean then p.live_revision_id end,
    (select id from revision where dossier_id = d.id and published_at is null and abandoned_at is null), p.live_revision_id)
  where d.id = ?::uuid and r.content->>'incidentId' is not null`;

async function logOnDossier(em: EntityManager, done: DoneDeed): Promise<void> {
  const { action, subject } = done;
  const isPublic = isOnWhatIsPublic(action);
  const [row] = await sqlIn(em)<DossierRow>(DOSSIER, [isPublic, isPublic, subject]);
  if (!row) return;
  const { incident, texts, asked, ...then } = row;
  const said = { ...then, headline: frenchText({ texts }).headline, missing: missingAmong(asked) };
  const text = deedText(action, said);
  if (text) await writeLine(em, lineOn(done, { incident, text, dossier: subject, important: isImportant(action) }));
}

interface EscalatedRow {
  incident: string;
  commune: string | null;
}

// A report belongs to the incidents of the dossiers that rest on it; in the order in which everybody locks their logs.
const INCIDENTS_OF_REPORT = `
  select distinct r.content->>'incidentId' as incident, t.commune
  from report t join dossier_report x on x.report_id = t.id left join publication p on p.id = x.dossier_id
  join revision r on r.id = coalesce(
    (select id from revision where dossier_id = x.dossier_id and published_at is null and abandoned_at is null), p.live_revision_id)
  where t.id = ?::uuid and r.content->>'incidentId' is not null order by 1`;

async function logEscalation(em: EntityManager, done: DoneDeed): Promise<void> {
  const rows = await sqlIn(em)<EscalatedRow>(INCIDENTS_OF_REPORT, [done.subject]);
  for (const { incident, commune } of rows) {
    const about = { incident, text: ESCALATED, report: done.subject, communes: commune ? [commune] : [] };
    await writeLine(em, lineOn(done, about));
  }
}
