import { Readable } from 'node:stream';

/** How long a file may take, and how long its client may take no page of it, in milliseconds. */
export interface ExportTimes {
  longestMs: number;
  stalledMs: number;
}

/** PostgreSQL ends a transaction in which nothing happens for a minute. */
export const EXPORT_TIMES: ExportTimes = { longestMs: 600_000, stalledMs: 30_000 };

/**
 * A file, made a page at a time as its client takes it; where it cannot be made whole, or nobody takes it, the stream ends with
 * an error. `onClose` is called once, whichever way it ends.
 */
export function timedStream(pages: AsyncGenerator<string>, times: ExportTimes, onClose: () => void): Readable {
  async function* taken(): AsyncGenerator<string> {
    for await (const page of pages) {
      stalled.refresh();
      yield page;
    }
  }
  const stream = Readable.from(taken());
  // It may be cut before the server listens.
  stream.on('error', () => undefined);
  const cut = (why: string) => () => stream.destroy(new Error(why));
  const stalled = setTimeout(cut('an export was cut: its client takes nothing'), times.stalledMs);
  const longest = setTimeout(cut('an export was cut: it takes too long'), times.longestMs);
  stream.once('close', () => {
    clearTimeout(stalled);
    clearTimeout(longest);
    onClose();
  });
  return stream;
}
