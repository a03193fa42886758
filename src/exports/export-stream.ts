import type { Readable } from 'node:stream';
import { sheetHead, sheetLines } from '../formats/sheet/sheet.ts';
import type { OpenedExport } from './exported-list.ts';
import { EXPORT_TIMES, type ExportTimes, timedStream } from './timed-stream.ts';

export interface SheetToSend {
  headings: readonly string[];
  /** The heading of the last column, in which each row says how many there are. */
  about: string;
  opened: OpenedExport;
  /** Makes somebody pay for a page of the file. */
  pay(page: { rows: number; bytes: number }): void;
  /** Called once, when the file was sent or cut. */
  onEnd(sent: number): void;
  times?: ExportTimes;
}

/**
 * A file, made a page at a time as its client takes it. Where it cannot be made whole, the stream ends with an error: the
 * connection is cut, so that the client knows. The last column of each row says which of how many it is, so that a part of a
 * file that somebody kept all the same does not look whole either.
 */
export function sheetStream({ headings, about, opened, pay, onEnd, times = EXPORT_TIMES }: SheetToSend): Readable {
  const { total } = opened;
  let sent = 0;
  async function* text(): AsyncGenerator<string> {
    yield sheetHead([...headings, about]);
    for await (const rows of opened.pages()) {
      const lines = sheetLines(rows.map((cells, index) => [...cells, `${sent + index + 1} sur ${total}`]));
      sent += rows.length;
      pay({ rows: rows.length, bytes: Buffer.byteLength(lines) });
      yield lines;
    }
    if (sent !== total) throw new Error(`an export came to ${sent} rows of ${total}`);
  }
  return timedStream(text(), times, () => {
    void opened.close();
    onEnd(sent);
  });
}
