import {
  ARCHIVE_FORMAT,
  ARCHIVE_VERSION,
  ArchiveChain,
  type ArchiveRecord,
} from '../../../src/incident-archive/format/archive-chain.rules.ts';
import { sealArchive } from '../../../src/incident-archive/format/archive-seal.rules.ts';
import { type ArchiveVerification, verifyArchive } from '../../../src/incident-archive/format/verify-archive.ts';
import { signingPair } from '../hub/signing.ts';

export const INCIDENT_OF_FILE = '01900000-0000-7000-8000-00000000a124';

/** The lines of a small archive with these records, sealed, without their ends. */
export async function archiveLines(records: readonly ArchiveRecord[]): Promise<string[]> {
  const chain = new ArchiveChain();
  const header = {
    type: 'archive',
    format: ARCHIVE_FORMAT,
    version: ARCHIVE_VERSION,
    incident: { id: INCIDENT_OF_FILE, title: 'Crue', state: 'CLOSED' },
  };
  const lines = [header, ...records].map((record) => chain.line(record));
  lines.push(chain.line({ type: 'end', counts: chain.counts }));
  const jws = await sealArchive({ incident: INCIDENT_OF_FILE, lines: chain.lines, hash: chain.hash }, signingPair);
  lines.push(chain.line({ type: 'seal', jws }));
  return lines.map((line) => line.slice(0, -1));
}

/** Verifies text, in chunks of so many bytes. */
export const verifyText = (text: string | Buffer, chunk = 1_000): Promise<ArchiveVerification> => {
  const bytes = Buffer.from(text);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
  }
  return verifyArchive(chunks());
};

export const verifyLines = (lines: readonly string[], chunk?: number): Promise<ArchiveVerification> =>
  verifyText(lines.map((line) => `${line}\n`).join(''), chunk);
