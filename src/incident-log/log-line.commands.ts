import { randomBytes } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import { demand } from '../access/permissions.rules.ts';
import { instant } from '../clock.ts';
import { sqlIn } from '../database/sql-in.ts';
import { type FieldFault, HubError, invalidInput } from '../errors.ts';
import { notFound } from '../office/lock.queries.ts';
import { isUuid } from '../uuid.ts';
import { type LineWords, type LogAudience, type LogKind, wordsHash } from './log-line.rules.ts';
import type { LogWork } from './log-work.ts';
import { type LineByHand, readLogLine } from './read-log-line.ts';

/**
 * Writes a line into the log of an incident. NOT_FOUND without the incident; INVALID_INPUT names every faulty field;
 * CONFLICT where the line that it corrects was corrected before.
 */
export async function addLogLine(
  { em, actor, clock, territory }: LogWork,
  { incident, input }: { incident: string; input: unknown },
): Promise<{ id: string }> {
  demand(actor, 'addLogLine');
  const now = clock.now();
  const { happenedAt, publication, means, sender, recipient, text, ...line } = readLogLine(input, territory, now);
  await demandNamed(em, incident, { publication, ...line });
  return writeLine(em, {
    ...line,
    incident,
    dossier: publication,
    happenedAt: happenedAt === null ? now : new Date(instant(happenedAt)),
    writtenAt: now,
    by: actor.id,
    entry: null,
    words: { means, sender, recipient, text },
  });
}

interface Named {
  incident: boolean;
  dossier: boolean;
  report: boolean;
  corrected: { kind: LogKind; incident: string; number: number; by: number | null } | null;
}

type Names = Pick<LineByHand, 'publication' | 'report' | 'corrects'>;

/** Throws where a line names what is not there, or corrects what it may not. */
async function demandNamed(
  em: EntityManager,
  incident: string,
  { publication, report, corrects }: Names,
): Promise<void> {
  if (!isUuid(incident)) throw notFound('incident', incident);
  const sql = sqlIn(em);
  // Two who correct one line at the same moment come here one after the other.
  if (corrects) await sql('select pg_advisory_xact_lock(hashtextextended(?::uuid::text, 1))', [corrects]);
  const [named] = await sql<Named>(
    `select exists (select from incident where id = ?::uuid) as incident,
       exists (select from dossier where id = ?::uuid) as dossier, exists (select from report where id = ?::uuid) as report,
       (select json_build_object('kind', l.kind, 'incident', l.incident_id, 'number', l.number,
          'by', (select c.number from log_line c where c.corrects_id = l.id))
        from log_line l where l.id = ?::uuid) as corrected`,
    [incident, publication, report, corrects],
  );
  if (!named?.incident) throw notFound('incident', incident);
  const faults = faultsOf(named, incident, { publication, report, corrects });
  if (faults.length > 0) throw invalidInput(faults);
  if (named.corrected?.by)
    throw new HubError(
      'CONFLICT',
      `line ${named.corrected.number} was corrected by line ${named.corrected.by} already: correct that one`,
    );
}

function faultsOf({ dossier, report, corrected }: Named, incident: string, names: Names): FieldFault[] {
  const faults: FieldFault[] = [];
  if (names.publication && !dossier)
    faults.push({ path: 'input.publication', message: 'must be the id of a publication or of a dossier' });
  if (names.report && !report) faults.push({ path: 'input.report', message: 'must be the id of a report' });
  if (names.corrects && corrected?.incident !== incident.toLowerCase())
    faults.push({ path: 'input.corrects', message: 'must be the id of a line of this log' });
  else if (corrected?.kind === 'DEED')
    faults.push({ path: 'input.corrects', message: 'must not be a DEED: what was done stays; write a line about it' });
  return faults;
}

/** A line to be written, which PostgreSQL numbers. */
export interface NewLine {
  incident: string;
  kind: LogKind;
  happenedAt: Date;
  writtenAt: Date;
  /** The account; null for the clock. */
  by: string | null;
  important: boolean;
  audience: LogAudience;
  corrects: string | null;
  dossier: string | null;
  report: string | null;
  communes: readonly string[];
  /** The audit entry of a DEED. */
  entry: string | null;
  words: LineWords;
}

/**
 * Writes a line into the caller's transaction. The log is locked from here until that ends, so that lines follow the order of
 * commits: it stands last among what the transaction writes.
 */
export async function writeLine(em: EntityManager, { words, ...line }: NewLine): Promise<{ id: string }> {
  const id = uuid();
  const salt = randomBytes(16).toString('hex');
  await sqlIn(em)(
    `with line as (
       insert into log_line (id, incident_id, kind, happened_at, written_at, by_id, important, audience, corrects_id, dossier,
         report, communes, words_hash, entry)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::text[], ?, ?) returning id)
     insert into log_words (line_id, salt, means, sender, recipient, text)
     select id, ?, ?, ?, ?, ? from line`,
    [
      ...[id, line.incident, line.kind, line.happenedAt.toISOString(), line.writtenAt.toISOString(), line.by],
      ...[line.important, line.audience, line.corrects, line.dossier, line.report, `{${line.communes.join(',')}}`],
      ...[wordsHash(salt, words), line.entry],
      ...[salt, words.means, words.sender, words.recipient, words.text],
    ],
  );
  return { id };
}
