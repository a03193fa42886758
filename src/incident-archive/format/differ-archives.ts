import { type ArchiveFileLine, fileLines } from './archive-lines.ts';
import { readLine } from './read-record.rules.ts';

/** Fields of a line that say where it stands, and nothing of the incident. */
const OF_THE_FILE = new Set(['n', 'hash']);

/**
 * Says in words where two archives first differ; null where their bytes are the same. Behind that line the chain alone makes all
 * others differ, so it is the one that says what happened between them.
 */
export async function archivesDiffer(one: AsyncIterable<Buffer>, other: AsyncIterable<Buffer>): Promise<string | null> {
  const [ours, theirs] = [fileLines(one), fileLines(other)];
  try {
    for (let number = 1; ; number += 1) {
      const [here, there] = [await next(ours), await next(theirs)];
      if (!here && !there) return null;
      if (!here || !there) return `one ends before line ${number}`;
      if (!here.bytes.equals(there.bytes)) return differenceOf(number, here.bytes, there.bytes);
    }
  } finally {
    await ours.return(undefined);
    await theirs.return(undefined);
  }
}

const next = async (lines: AsyncGenerator<ArchiveFileLine>): Promise<ArchiveFileLine | undefined> => {
  const { value, done } = await lines.next();
  return done ? undefined : value;
};

function differenceOf(number: number, here: Buffer, there: Buffer): string {
  const [ours, theirs] = [readLine(here), readLine(there)];
  if (!ours || !theirs) return `they differ at line ${number}, which is no line of an archive in one of them`;
  if (ours.type !== theirs.type)
    return `they differ from line ${number} on: it is of type ${ours.type} in one, and ${theirs.type} in the other`;
  const names = new Set([...Object.keys(ours.record), ...Object.keys(theirs.record)]);
  const differing = [...names].filter(
    (name) => !OF_THE_FILE.has(name) && JSON.stringify(ours.record[name]) !== JSON.stringify(theirs.record[name]),
  );
  return `they differ from line ${number} on (${ours.type}), first in ${differing.join(', ')}`;
}
