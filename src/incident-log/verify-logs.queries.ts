import type { Sql } from '../database/sql.ts';
import { EMPTY_LOG, type LineWords, type LogEnd, lineFault, type StampedLine, wordsHash } from './log-line.rules.ts';

export interface LogVerification {
  /** How many logs there are, and how many of their lines were found sound. */
  logs: number;
  lines: number;
  /** Of the sound lines, those from whose words people were taken out: the words cannot be compared any more. */
  masked: number;
  /** The first broken line and its fault, in words; null where every log is whole. */
  fault: string | null;
}

interface Head extends LogEnd {
  incident: string;
}

/** A line with its words; these are null where they are missing. */
interface Row extends StampedLine {
  words: (LineWords & { salt: string | null }) | null;
  isMaskingOnRecord: boolean;
  isDeedOnRecord: boolean;
}

const PAGE = 2_000;

/**
 * Follows every log from its first line to its head, and compares the words with their hashes. Reads in pages; lines that come
 * in meanwhile are not looked at. Hashes are computed here and not in PostgreSQL, whose functions a hand that can change
 * rows could change too.
 */
export async function verifyLogs(sql: Sql): Promise<LogVerification> {
  const found: LogVerification = { logs: 0, lines: 0, masked: 0, fault: null };
  const heads = await sql<Head>('select incident_id as incident, number, hash from log_head order by incident_id');
  for (const head of heads) {
    const fault = await verifyLog(sql, head, found);
    if (fault) return { ...found, fault: `${fault}, in the log of incident ${head.incident}` };
    found.logs += 1;
  }
  const [stray] = await sql<{ id: string }>(
    'select id from log_line l where not exists (select from log_head h where h.incident_id = l.incident_id) limit 1',
  );
  return { ...found, fault: stray ? `line ${stray.id} has no place in a log` : null };
}

async function verifyLog(sql: Sql, head: Head, found: LogVerification): Promise<string | null> {
  let end: LogEnd = EMPTY_LOG;
  while (end.number < head.number) {
    const page = await pageAfter(sql, end.number, head);
    for (const line of page) {
      const fault = lineFault(end, line) ?? wordsFault(line);
      if (fault) return fault;
      found.lines += 1;
      if (line.words?.salt === null) found.masked += 1;
      end = line;
    }
    if (page.length === 0) return `line ${end.number + 1} is missing`;
  }
  return end.hash === head.hash ? null : `line ${end.number} is not the one that the head of the log names`;
}

function wordsFault({
  number,
  id,
  words,
  wordsHash: hash,
  kind,
  isMaskingOnRecord,
  isDeedOnRecord,
}: Row): string | null {
  if (!words) return `the words of line ${number} (${id}) are missing`;
  if (words.salt === null && !isMaskingOnRecord)
    return `people were taken out of line ${number} (${id}), and the audit log does not say so`;
  if (words.salt !== null && wordsHash(words.salt, words) !== hash)
    return `the words of line ${number} (${id}) are not what was written`;
  return kind === 'DEED' && !isDeedOnRecord
    ? `line ${number} (${id}) tells of a deed that the audit log does not have`
    : null;
}

const pageAfter = (sql: Sql, number: number, head: Head): Promise<Row[]> =>
  sql<Row>(
    `select l.id, l.incident_id as incident, l.number, l.kind, l.happened_at as "happenedAt", l.written_at as "writtenAt",
       l.by_id as by, l.organisation, l.important, l.audience, l.corrects_id as corrects, l.dossier, l.report, l.communes,
       l.words_hash as "wordsHash", l.entry, l.hash,
       case when w.line_id is not null then json_build_object('salt', w.salt, 'means', w.means, 'sender', w.sender,
         'recipient', w.recipient, 'text', w.text) end as words,
       exists (select from audit_entry e where e.subject = l.id and e.action in ('maskLogLine', 'eraseLogLine')) as "isMaskingOnRecord",
       exists (select from audit_entry e where e.id = l.entry) as "isDeedOnRecord"
     from log_line l left join log_words w on w.line_id = l.id
     where l.incident_id = $1 and l.number > $2 and l.number <= $3 order by l.number limit ${PAGE}`,
    [head.incident, number, head.number],
  );
