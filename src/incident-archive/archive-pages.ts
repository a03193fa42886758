import { setImmediate as turn } from 'node:timers/promises';
import { ArchiveChain, type ArchiveRecord } from './format/archive-chain.rules.ts';

/** Text that leaves at one go. */
const PAGE_BYTES = 64 * 1024;
/** How long lines are made before others have their turn of the event loop, in milliseconds. */
const TURN_MS = 8;

/** The end of an archive before its seal. */
export interface ArchiveEnd {
  hash: string;
  lines: number;
  bytes: number;
}

/**
 * The text of an archive, a page at a time: the records, and the line that says how many there were. `chain` is new, and goes on
 * behind the last page.
 */
export async function* archivePages(
  chain: ArchiveChain,
  records: AsyncGenerator<ArchiveRecord>,
): AsyncGenerator<string> {
  let page: string[] = [];
  let left = PAGE_BYTES;
  let since = performance.now();
  for await (const record of records) {
    const line = chain.line(record);
    page.push(line);
    left -= line.length;
    if (left <= 0) {
      yield page.join('');
      page = [];
      left = PAGE_BYTES;
    }
    if (performance.now() - since > TURN_MS) {
      await turn();
      since = performance.now();
    }
  }
  page.push(chain.line({ type: 'end', counts: chain.counts }));
  yield page.join('');
}

/** Makes a whole archive and keeps nothing of it but its end; `onPage` may throw to stop it. */
export async function measureArchive(
  records: AsyncGenerator<ArchiveRecord>,
  onPage: (bytes: number) => void,
): Promise<ArchiveEnd> {
  const chain = new ArchiveChain();
  for await (const page of archivePages(chain, records)) onPage(page.length);
  return { hash: chain.hash, lines: chain.lines, bytes: chain.bytes };
}

/** The line of the seal, which stands behind an end. */
export const sealLine = ({ hash, lines }: ArchiveEnd, jws: string): string =>
  ArchiveChain.after(hash, lines).line({ type: 'seal', jws });

/** The archive as it leaves. Throws where it is another one than was measured, so that nobody gets it whole. */
export async function* sealedPages(
  records: AsyncGenerator<ArchiveRecord>,
  end: ArchiveEnd,
  jws: string,
): AsyncGenerator<string> {
  const chain = new ArchiveChain();
  yield* archivePages(chain, records);
  if (chain.hash !== end.hash) throw new Error('an archive came out otherwise than it was measured');
  yield sealLine(end, jws);
}
