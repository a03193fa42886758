import type { StampedLine } from '../../incident-log/log-line.rules.ts';
import { momentOf, rowsOf, type Section } from './archive-source.ts';

interface LineRow {
  number: number;
  kind: string;
  happenedAt: string;
  writtenAt: string;
  by: string | null;
  organisation: StampedLine['organisation'];
  important: boolean;
  audience: string;
  corrects: number | null;
  correctedBy: number | null;
  dossier: string | null;
  report: string | null;
  communes: string[];
  wordsHash: string;
  hash: string;
  entry: string | null;
  salt: string | null;
  means: string | null;
  sender: string | null;
  recipient: string | null;
  text: string;
}

const LINES = `
  select l.number, l.kind, l.happened_at as "happenedAt", l.written_at as "writtenAt", l.by_id as by, l.organisation, l.important,
    l.audience, o.number as corrects, c.number as "correctedBy", l.dossier, l.report, l.communes, l.words_hash as "wordsHash",
    l.hash, l.entry, w.salt, w.means, w.sender, w.recipient, w.text
  from log_line l join log_words w on w.line_id = l.id left join log_line o on o.id = l.corrects_id
  left join log_line c on c.corrects_id = l.id where l.incident_id = ?::uuid order by l.number`;

/**
 * The log, line by line, with the hashes that the hub has of it. Where nothing had to be taken out of the words, their salt
 * is there too: anybody can compute their hash then.
 */
export const logSection: Section = async function* ({ sql, incident, people, speakers }) {
  for await (const row of rowsOf<LineRow>(sql, LINES, [incident])) {
    const { means, sender, recipient, text, salt, organisation, entry, wordsHash, hash, ...line } = row;
    const shown = {
      means: people.clean(means),
      sender: speakers.shown(sender),
      recipient: speakers.shown(recipient),
      text: people.clean(text),
    };
    const isWhole =
      shown.means === means && shown.sender === sender && shown.recipient === recipient && shown.text === text;
    yield {
      type: 'log-line',
      ...line,
      happenedAt: momentOf(line.happenedAt),
      writtenAt: momentOf(line.writtenAt),
      by: people.of(line.by),
      organisation: organisation && { kind: organisation.kind, name: organisation.name },
      ...shown,
      audit: entry,
      logHash: hash,
      wordsHash,
      salt: isWhole ? salt : null,
    };
  }
};
