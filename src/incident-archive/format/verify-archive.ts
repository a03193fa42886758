import { ARCHIVE_FORMAT, ARCHIVE_VERSION, type RecordCounts } from './archive-chain.rules.ts';
import { fileLines } from './archive-lines.ts';
import { type ArchiveSeal, readArchiveSeal } from './archive-seal.rules.ts';
import { ChainCheck } from './chain-check.rules.ts';
import { type ReadLine, readLine } from './read-record.rules.ts';

/** An archive as it turned out to be. */
export interface ArchiveVerification {
  /** The incident that its header names; null where there is no header. */
  incident: { id: string; title: string; isClosed: boolean } | null;
  lines: number;
  counts: RecordCounts;
  /** The hash of the line `end`, by which the hub keeps it on record; null without that line. */
  hash: string | null;
  /** The signature, where it is good. */
  seal: ArchiveSeal | null;
  /** In words; none for an archive that is as it left the hub. */
  faults: readonly string[];
}

const NO_INCIDENT = { incident: null, lines: 0, counts: {}, hash: null, seal: null };

/** The lines of a file by which it is an archive. */
interface Ends {
  header: ReadLine | null;
  end: ReadLine | null;
  seal: ReadLine | null;
  /** The last line, whichever it is. */
  last: ReadLine | null;
  /** Whether that has an end of line. */
  isEnded: boolean;
}

/** Verifies an archive from its bytes alone, in memory for one line. `onRecord` is given each line that can be read. */
export async function verifyArchive(
  chunks: AsyncIterable<Buffer>,
  onRecord: (line: ReadLine) => Promise<void> | void = () => undefined,
): Promise<ArchiveVerification> {
  const chain = new ChainCheck();
  const counts = new Map<string, number>();
  const ends: Ends = { header: null, end: null, seal: null, last: null, isEnded: true };
  for await (const { bytes, isEnded } of fileLines(chunks)) {
    const read = readLine(bytes);
    if (!ends.header) {
      const fault = headerFault(bytes, read);
      if (fault) return { ...NO_INCIDENT, faults: [fault] };
      ends.header = read;
    }
    chain.take(read);
    Object.assign(ends, { last: read, isEnded });
    if (!read) continue;
    if (read.type === 'end') ends.end = read;
    else if (read.type === 'seal') ends.seal = read;
    else counts.set(read.type, (counts.get(read.type) ?? 0) + 1);
    await onRecord(read);
  }
  chain.end();
  return judged(chain, ends, counts);
}

async function judged(
  chain: ChainCheck,
  ends: Ends,
  counts: ReadonlyMap<string, number>,
): Promise<ArchiveVerification> {
  const { header, end, seal } = ends;
  if (!header) return { ...NO_INCIDENT, faults: ['the file is empty'] };
  const faults = [...chain.faults, ...endFaults(ends, chain.places)];
  const signed = seal && (await readArchiveSeal(seal.record.jws).catch(() => null));
  if (faults.length === 0) faults.push(...countFaults(counts, end), ...sealFaults(header, end, signed));
  const { id = '', title = '', state } = (header.record.incident ?? {}) as Record<string, string>;
  return {
    incident: { id, title, isClosed: state === 'CLOSED' },
    lines: chain.places,
    counts: Object.fromEntries(counts),
    hash: end?.hash ?? null,
    seal: faults.length === 0 ? signed : null,
    faults,
  };
}

function headerFault(bytes: Buffer, read: ReadLine | null): string | null {
  if (bytes[0] === 0xef) return 'the file begins with a byte order mark: a program has written it anew';
  if (bytes.at(-1) === 0x0d) return 'the lines end with CR LF: a program has written the file anew';
  if (read?.type === 'archive' && read.record.format === ARCHIVE_FORMAT)
    return read.record.version === ARCHIVE_VERSION
      ? null
      : `this is version ${JSON.stringify(read.record.version)} of the format, and here version ${ARCHIVE_VERSION} is known`;
  return 'line 1 is not the header of an archive of an incident, or is missing';
}

function endFaults({ end, seal, last, isEnded }: Ends, places: number): string[] {
  if (end && seal && seal === last && isEnded) return [];
  if (end && seal && seal !== last) return ['something stands behind the seal'];
  return [`the file ends at place ${places}, before ${end ? 'its seal' : 'its end'}: it was cut`];
}

function countFaults(counts: ReadonlyMap<string, number>, end: ReadLine | null): string[] {
  const said = Object.entries((end?.record.counts ?? {}) as RecordCounts);
  return said
    .filter(([type, count]) => counts.get(type) !== count)
    .map(([type, count]) => `there are ${counts.get(type) ?? 0} lines of type ${type}, and the end says ${count}`);
}

/** A chain that somebody wrote anew as a whole is sound: the signature is what cannot be written anew. */
function sealFaults(header: ReadLine, end: ReadLine | null, seal: ArchiveSeal | null): string[] {
  if (!seal) return ['the signature is not good'];
  const { id } = (header.record.incident ?? {}) as { id?: string };
  const isOfThis = seal.hash === end?.hash && seal.lines === end?.n && seal.incident === id;
  return isOfThis ? [] : ['the signature is good, and is that of another archive'];
}
