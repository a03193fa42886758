import { type EntityManager, IsolationLevel } from '@mikro-orm/postgresql';
import { KEY_ISSUER } from '../access/keys/api-key.rules.ts';
import { sqlIn, type TransactionSql } from '../database/sql-in.ts';
import { Speakers } from '../incident-log/people/speaker.rules.ts';
import { notFound } from '../office/lock.queries.ts';
import type { Territory } from '../territory/territory.ts';
import { isUuid } from '../uuid.ts';
import { ARCHIVE_FORMAT, ARCHIVE_VERSION, type ArchiveRecord } from './format/archive-chain.rules.ts';
import { ArchivePeople } from './people/archive-people.rules.ts';
import { type ArchiveSource, momentOf, type Section, uuids } from './sections/archive-source.ts';
import { auditSection } from './sections/audit.section.ts';
import { callStepsSection, callsSection } from './sections/calls.section.ts';
import { approvalsSection, commentsSection, dossiersSection, revisionsSection } from './sections/dossiers.section.ts';
import { flashesSection } from './sections/flashes.section.ts';
import { lettersSection, noticesSection } from './sections/institutions.section.ts';
import { logSection } from './sections/log.section.ts';
import { capSection, confirmationsSection, entriesSection, postsSection } from './sections/published.section.ts';
import { questionsSection } from './sections/questions.section.ts';
import { conclusionsSection, reportsSection } from './sections/reports.section.ts';
import { incidentSection, levelsSection, periodsSection, shiftsSection } from './sections/running.section.ts';
import { signatureRulesSection } from './sections/signature-rules.section.ts';
import { situationSection } from './sections/situation.section.ts';

/** The parts of an archive, in this order. A new section is one line here, and a line in docs/operations.md. */
const SECTIONS: readonly Section[] = [
  incidentSection,
  periodsSection,
  levelsSection,
  shiftsSection,
  signatureRulesSection,
  logSection,
  dossiersSection,
  revisionsSection,
  approvalsSection,
  commentsSection,
  entriesSection,
  capSection,
  postsSection,
  confirmationsSection,
  noticesSection,
  lettersSection,
  reportsSection,
  conclusionsSection,
  questionsSection,
  flashesSection,
  callsSection,
  callStepsSection,
  situationSection,
  auditSection,
];

/** An incident as it stands at one moment, about to be archived. */
export interface OpenedArchive {
  incident: string;
  slug: string;
  isClosed: boolean;
  /** All that the archive tells, from its header on; each call tells the same. */
  records(): AsyncGenerator<ArchiveRecord>;
  /** Lets go of what holds the moment. */
  close(): Promise<void>;
}

/** Opens an incident for its archive: one transaction reads all of it. NOT_FOUND without the incident. */
export async function openArchive(
  em: EntityManager,
  incident: string,
  { communes }: Pick<Territory, 'communes'>,
): Promise<OpenedArchive> {
  await em.begin({ isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true });
  // PostgreSQL may have ended the session: then nothing is held any more.
  const close = () => em.rollback().catch(() => undefined);
  try {
    const sql = sqlIn(em);
    const header = await headerOf(sql, incident);
    const source = await sourceOf(sql, header.incident.id);
    const { names, bodies } = await namesIn(sql, source.reports);
    const speakers = new Speakers(
      bodies,
      communes.map(({ name }) => name),
    );
    const records = () => told(header, { ...source, speakers, people: new ArchivePeople(names) });
    const { id, slug, state } = header.incident;
    return { incident: id, slug, isClosed: state === 'CLOSED', records, close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Header = Awaited<ReturnType<typeof headerOf>>;

async function* told(header: Header, source: ArchiveSource): AsyncGenerator<ArchiveRecord> {
  yield header;
  for (const section of SECTIONS) yield* section(source);
}

interface HeaderRow {
  id: string;
  slug: string;
  title: string;
  mode: string;
  state: string;
  openedAt: string;
  epoch: string;
}

const NOTICE = [
  'Archive d’un incident pour le retour d’expérience : une ligne par fait, dans l’ordre de chaque registre.',
  'Les agents y portent un numéro (PERSON-1) ; noms connus, téléphones, courriels, comptes, adresses et positions en sont retirés.',
  'Ce qui a été public y reste mot pour mot. Un nom que le logiciel ne connaît pas a pu rester dans un texte libre.',
  'Vérifier : npm run archive:verify -- fichier (docs/operations.md).',
];
const NOT_OVER = 'L’incident est ouvert : cette archive s’arrête au moment où elle a été faite.';

/** The first line. It names no moment, no reader and no number that grows: two archives differ where the incident does. */
async function headerOf(sql: TransactionSql, incident: string) {
  const [row] = isUuid(incident)
    ? await sql<HeaderRow>(
        `select i.id, i.slug, i.title, i.mode, i.state, i.opened_at as "openedAt", h.epoch
         from incident i, journal_head h where i.id = ?::uuid and h.id = 1`,
        [incident],
      )
    : [];
  if (!row) throw notFound('incident', incident);
  const { epoch, openedAt, ...named } = row;
  return {
    type: 'archive',
    format: ARCHIVE_FORMAT,
    version: ARCHIVE_VERSION,
    incident: { ...named, openedAt: momentOf(openedAt) },
    epoch,
    notice: named.state === 'CLOSED' ? NOTICE : [NOT_OVER, ...NOTICE],
  };
}

async function sourceOf(sql: TransactionSql, incident: string) {
  const threads = await sql<{ id: string }>(
    `select distinct dossier_id as id from revision where content->>'incidentId' = ? order by 1`,
    [incident],
  );
  const ids = threads.map(({ id }) => id);
  const reports = await sql<{ id: string }>(
    `select report_id as id from dossier_report where dossier_id = any(?::uuid[])
     union select report from log_line where incident_id = ?::uuid and report is not null
     union select report_id from flash where incident_id = ?::uuid order by 1`,
    [uuids(ids), incident, incident],
  );
  return { sql, incident, threads: ids, reports: reports.map(({ id }) => id) };
}

/**
 * The names that the hub knows: of people with an account, if it is more than a word of the language, and of those who were taken
 * out of the reports. Nobody learns of them here; they are what is looked for in the words.
 */
async function namesIn(
  sql: TransactionSql,
  reports: readonly string[],
): Promise<{ names: string[]; bodies: string[] }> {
  const names = await sql<{ name: string }>(
    `select name from account where issuer <> ? and name like '% %'
     union select item->>'value' from report_personal p, jsonb_array_elements(p.items) item
     where p.report_id = any(?::uuid[]) and item->>'kind' = 'PERSON' order by 1`,
    [KEY_ISSUER, uuids(reports)],
  );
  const bodies = await sql<{ name: string; short: string }>('select name, short_name as short from organisation');
  return { names: names.map(({ name }) => name), bodies: bodies.flatMap(({ name, short }) => [name, short]) };
}
