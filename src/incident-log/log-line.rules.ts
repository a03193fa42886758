import { createHash } from 'node:crypto';

/** The kinds of line. The hub alone writes a DEED; a CORRECTION says what another line should have said. */
export const LOG_KINDS = [
  'DEED',
  'MESSAGE_IN',
  'MESSAGE_OUT',
  'FACT',
  'DECISION',
  'REQUEST',
  'ANSWER',
  'CORRECTION',
] as const;
export type LogKind = (typeof LOG_KINDS)[number];
/** The one kind of line that names the line that it puts right. */
export const CORRECTING = 'CORRECTION' satisfies LogKind;

/** The readers of a line: the cell alone, or also those who take part in the incident. */
export const LOG_AUDIENCES = ['CELL', 'PARTICIPANTS'] as const;
export type LogAudience = (typeof LOG_AUDIENCES)[number];

/** The words of a line, in which people may be named. All but the text are one line each. */
export interface LineWords {
  /** How a message came or left: téléphone, radio … */
  means: string | null;
  sender: string | null;
  recipient: string | null;
  text: string;
}

/** A line as it stands in the table, without its words. */
export interface StampedLine {
  id: string;
  incident: string;
  number: number;
  kind: string;
  happenedAt: Date;
  writtenAt: Date;
  by: string | null;
  organisation: { id: string; kind: string; name: string; shortName: string } | null;
  important: boolean;
  audience: string;
  corrects: string | null;
  dossier: string | null;
  report: string | null;
  communes: readonly string[];
  wordsHash: string;
  /** The audit entry of the deed that the line tells of. */
  entry: string | null;
  hash: string;
}

/** The end of a log: nothing yet, or its last line. */
export interface LogEnd {
  number: number;
  hash: string;
}

export const EMPTY_LOG: LogEnd = { number: 0, hash: '' };

const sha256 = (fields: readonly (string | number | null | undefined)[]): string =>
  createHash('sha256')
    .update(fields.map((field) => field ?? '').join('\n'))
    .digest('hex');

/** SHA-256 over the words of a line and its salt: once the salt is gone, nobody can guess the words from it. */
export const wordsHash = (salt: string, { means, sender, recipient, text }: LineWords): string =>
  sha256([salt, means, sender, recipient, text]);

/** SHA-256 over the hash of the line before and all that a line says, its words by their hash: as PostgreSQL stamps it. */
export function lineHash(before: string, line: Omit<StampedLine, 'hash'>): string {
  const { organisation, important, communes } = line;
  return sha256([
    ...[before, line.number, line.incident, line.id, line.kind, line.happenedAt.getTime(), line.writtenAt.getTime()],
    ...[line.by, organisation?.id, organisation?.kind, organisation?.name, organisation?.shortName],
    ...[important ? 1 : 0, line.audience, line.corrects, line.dossier, line.report],
    ...[communes.join(','), line.wordsHash, line.entry],
  ]);
}

/** The fault of a line that follows on `end`, in words; null for a sound one. */
export function lineFault(end: LogEnd, line: StampedLine): string | null {
  const expected = end.number + 1;
  if (line.number !== expected) return `line ${expected} is missing`;
  return line.hash === lineHash(end.hash, line) ? null : `line ${line.number} (${line.id}) is not what was written`;
}
