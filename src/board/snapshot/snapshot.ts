import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { z } from 'zod';
import type { PublicDocument } from '../../publications/document.ts';
import type { BoardEntry, BoardReading } from '../board.ts';
import type { Departure } from '../departure.ts';

/**
 * What is public, on disk, for a hub that starts while PostgreSQL is away. A head of one line (what it is, where the journal
 * stood, the sum of all that follows), then one line for each thread. It is no truth of its own: the journal is.
 */
export interface Snapshot extends BoardReading {
  /** RFC 3339, UTC. */
  takenAt: string;
}

/** Why a snapshot cannot be used, in words to show. */
class SnapshotFault extends Error {}

const FORMAT = 'tocsin board';
/** Rises when a hub could no longer make sense of what an older one wrote, or the other way round. */
const VERSION = 2;
/** Threads serialised in one turn of the event loop. */
const AT_ONCE = 100;
const LEFT_BEHIND_MS = 3600_000;

const header = z.object({
  format: z.literal(FORMAT),
  version: z.number(),
  origin: z.string(),
  takenAt: z.iso.datetime(),
  epoch: z.uuid(),
  position: z.number().int().nonnegative(),
  standing: z.uuid().nullable(),
  entries: z.number().int().nonnegative(),
  sha256: z.string(),
});

/** Which database a snapshot is of: its address without who asks, as a hash that gives nothing away. */
export function snapshotOrigin(databaseUrl: string): string {
  const { host, pathname } = new URL(databaseUrl);
  return createHash('sha256').update(`${host}${pathname}`).digest('hex').slice(0, 32);
}

/** Writes a snapshot in place of the one before: a reader, also after a power cut, finds the one or the other, whole. */
export async function writeSnapshot(file: string, origin: string, snapshot: Snapshot): Promise<void> {
  const { head, standing, entries, takenAt } = snapshot;
  const lines: Buffer[] = [];
  const sum = createHash('sha256');
  for (let start = 0; start < entries.length; start += AT_ONCE) {
    const text = entries.slice(start, start + AT_ONCE).map(lineOf);
    const chunk = Buffer.from(text.join(''));
    sum.update(chunk);
    lines.push(chunk);
    await turn();
  }
  const first: z.input<typeof header> = {
    format: FORMAT,
    version: VERSION,
    origin,
    takenAt,
    ...head,
    standing,
    entries: entries.length,
    sha256: sum.digest('hex'),
  };
  await putInPlace(file, [Buffer.from(`${JSON.stringify(first)}\n`), ...lines]);
}

/** A thread as a line of the file. A document that is not parsed yet need not be. */
const lineOf = (entry: BoardEntry): string => {
  const { subject, position, atMs, departures = [] } = entry;
  const document = entry.json?.() ?? JSON.stringify(entry.document);
  const left = departures.length > 0 ? `,"departures":${JSON.stringify(departures)}` : '';
  return `{"subject":${JSON.stringify(subject)},"position":${position},"atMs":${atMs},"document":${document}${left}}\n`;
};

/** Undefined where there is none; throws a SnapshotFault for one that cannot be used. */
async function readSnapshot(file: string, origin: string): Promise<Snapshot | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new SnapshotFault(`it cannot be read: ${(error as Error).message}`);
  }
  const end = bytes.indexOf('\n');
  const {
    version,
    sha256,
    entries: count,
    epoch,
    position,
    standing,
    takenAt,
    ...of
  } = readHeader(bytes.subarray(0, end));
  if (version !== VERSION) throw new SnapshotFault(`it is of version ${version}, and not ${VERSION}`);
  if (of.origin !== origin) throw new SnapshotFault('it is of another database');
  const body = bytes.subarray(end + 1);
  if (createHash('sha256').update(body).digest('hex') !== sha256) throw new SnapshotFault('it is damaged');
  const lines = body.toString().split('\n').slice(0, -1);
  const entries = lines.map((line): BoardEntry => {
    const { subject, position, atMs, document, departures = [] } = JSON.parse(line);
    return { subject, position, atMs, document: document as PublicDocument, departures: departures as Departure[] };
  });
  if (entries.length !== count) throw new SnapshotFault('it is damaged');
  return { head: { epoch, position }, standing, takenAt, entries };
}

/** The snapshot of a database, or undefined where there is none. One that cannot be used is none; why is told. */
export async function lastSnapshot(
  file: string,
  origin: string,
  leaveAside: (why: string) => void,
): Promise<Snapshot | undefined> {
  try {
    return await readSnapshot(file, origin);
  } catch (error) {
    if (!(error instanceof SnapshotFault)) throw error;
    leaveAside(error.message);
    return undefined;
  }
}

function readHeader(line: Buffer): z.output<typeof header> {
  try {
    return header.parse(JSON.parse(line.toString()));
  } catch {
    throw new SnapshotFault('it is damaged, or no snapshot at all');
  }
}

async function putInPlace(file: string, parts: readonly Buffer[]): Promise<void> {
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true });
  const fresh = `${file}.${process.pid}`;
  try {
    const handle = await open(fresh, 'w', 0o600);
    try {
      await handle.writeFile(parts);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
  // The name, too, is on the disk only once its folder is.
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

/** Removes what processes left behind that were killed while they wrote. */
export async function clearLeftovers(file: string): Promise<void> {
  const folder = path.dirname(file);
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(`${path.basename(file)}.`)) continue;
    const found = path.join(folder, name);
    const { mtimeMs } = await stat(found);
    if (Date.now() - mtimeMs > LEFT_BEHIND_MS) await rm(found, { force: true });
  }
}
