import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { Sql } from '../database/sql.ts';
import { compareWithHub } from '../incident-archive/format/compare-archive.queries.ts';
import { archivesDiffer } from '../incident-archive/format/differ-archives.ts';
import { type ArchiveVerification, verifyArchive } from '../incident-archive/format/verify-archive.ts';

const WITH_HUB = '--hub';
const USAGE = `give a file: npm run archive:verify -- incident.ndjson, with ${WITH_HUB} to compare it with this hub's database`;

/** Whether somebody wants files compared with the hub, and which files. Throws where there is no file. */
export function archivesAsked(args: readonly string[]): { files: string[]; withHub: boolean } {
  const files = args.filter((arg) => arg !== WITH_HUB);
  const unknown = files.find((file) => file.startsWith('--'));
  if (files.length === 0 || unknown) throw new Error(unknown ? `${unknown} is no option: ${USAGE}` : USAGE);
  return { files, withHub: args.includes(WITH_HUB) };
}

/**
 * Verifies archives one after the other, prints what each is, and answers whether all are as they left the hub. Of several it
 * prints where the first differs from each other one, which is no fault.
 */
export async function verifyArchiveFiles(
  files: readonly string[],
  print: (text: string) => void,
  sql?: Sql,
): Promise<boolean> {
  let isWell = true;
  for (const file of files) {
    const found = await verified(file, sql);
    print(told(file, found, sql !== undefined));
    isWell &&= found.faults.length === 0;
  }
  const [first = '', ...others] = files;
  for (const other of others) {
    const difference = await archivesDiffer(bytesOf(first), bytesOf(other));
    print(`${first} and ${other}: ${difference ?? 'the same bytes'}`);
  }
  return isWell;
}

/** A file that a program packed by gzip is read as it was before. */
function bytesOf(file: string): AsyncIterable<Buffer> {
  const packed = createReadStream(file);
  const chunks = file.endsWith('.gz') ? packed.pipe(createGunzip()) : packed;
  packed.on('error', (error) => chunks.destroy(error));
  return chunks;
}

async function verified(file: string, sql: Sql | undefined): Promise<ArchiveVerification> {
  if (!sql) return verifyArchive(bytesOf(file));
  const hub = compareWithHub(sql);
  const found = await verifyArchive(bytesOf(file), hub.take);
  return { ...found, faults: [...found.faults, ...(await hub.faults(found))] };
}

function told(
  file: string,
  { incident, lines, counts, hash, seal, faults }: ArchiveVerification,
  withHub: boolean,
): string {
  if (faults.length > 0)
    return [`${file} is not as it left the hub:`, ...faults.map((fault) => `  ${fault}`)].join('\n');
  const kinds = Object.entries(counts).map(([type, count]) => `${count} ${type}`);
  return [
    `${file} is as it left the hub: ${lines} lines on the incident « ${incident?.title} » (${incident?.id})${incident?.isClosed ? '' : ', which was still open'}.`,
    `  ${kinds.join(', ')}`,
    `  hash ${hash}`,
    `  signed by the certificate (SHA-256) ${seal?.fingerprint}: compare it with the hub's own`,
    ...(withHub ? ['  journal, log, audit log and CAP messages are those of the hub, which has it on record'] : []),
  ].join('\n');
}
