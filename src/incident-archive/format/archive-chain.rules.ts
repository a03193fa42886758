import { createHash } from 'node:crypto';

/**
 * The archive of an incident is text in UTF-8, one object of JSON a line, each line ended by LF. Each begins with its number and
 * ends with its hash: SHA-256, in hex, over the hash of the line before, LF, and the line up to `,"hash":`. The first line has
 * nothing before it. So a few lines of any language verify a file, without reading its JSON anew.
 *
 *   archive (the header) · the sections, one record a line · end (how many of each) · seal (the hub's signature of the end)
 */
export const ARCHIVE_FORMAT = 'tocsin-incident-archive';
export const ARCHIVE_VERSION = 1;
export const ARCHIVE_TYPE = 'application/x-ndjson; charset=utf-8';

const HASH_NAME = ',"hash":"';
/** The hash and all that stands around it. */
export const HASH_LENGTH = HASH_NAME.length + 64 + '"}'.length;
export const HASH_END = new RegExp(`^${HASH_NAME}([0-9a-f]{64})"\\}$`);

/** One thing that an archive tells. */
export interface ArchiveRecord {
  type: string;
  [field: string]: unknown;
  /** A last field whose value is JSON already, as PostgreSQL wrote it; it stands under its own name. */
  raw?: { field: string; json: string };
}

/** How many lines there are of each type. */
export type RecordCounts = Readonly<Record<string, number>>;

/** The hash of a line: of the line before it, and of its own text up to its hash. */
export const lineHashAfter = (before: string, text: string | Buffer): string =>
  createHash('sha256').update(`${before}\n`).update(text).digest('hex');

/** Writes the lines of one archive, in their order. */
export class ArchiveChain {
  /** Of the last line. */
  hash = '';
  lines = 0;
  bytes = 0;
  readonly #counts = new Map<string, number>();

  /** A chain that goes on behind a line. */
  static after(hash: string, lines: number): ArchiveChain {
    return Object.assign(new ArchiveChain(), { hash, lines });
  }

  /** The next line, with its end. */
  line({ raw, ...record }: ArchiveRecord): string {
    this.lines += 1;
    this.#counts.set(record.type, (this.#counts.get(record.type) ?? 0) + 1);
    const rest = raw ? `,${JSON.stringify(raw.field)}:${raw.json}` : '';
    const text = `{"n":${this.lines},${JSON.stringify(record).slice(1, -1)}${rest}`;
    this.hash = lineHashAfter(this.hash, text);
    const line = `${text}${HASH_NAME}${this.hash}"}\n`;
    this.bytes += Buffer.byteLength(line);
    return line;
  }

  /** Of the lines so far, in the order in which types came first. */
  get counts(): RecordCounts {
    return Object.fromEntries(this.#counts);
  }
}
