import type { Latest } from './entry.ts';

/**
 * The last entry of a subject, as PostgreSQL sent it: the document is parsed when somebody first reads it, and `brief` holds
 * those of its fields that everybody reads. The document stays as bytes until then, since V8 would take two for each character.
 */
export class StoredEntry<D, B> implements Latest<D> {
  readonly subject: string;
  readonly position: number;
  readonly atMs: number;
  readonly brief: B;
  #bytes: Buffer | undefined;
  #document: D | undefined;

  constructor(entry: { subject: string; position: number; atMs: number; brief: B; bytes: Buffer }) {
    this.subject = entry.subject;
    this.position = entry.position;
    this.atMs = entry.atMs;
    this.brief = entry.brief;
    this.#bytes = entry.bytes;
  }

  get document(): D {
    if (this.#bytes) {
      this.#document = JSON.parse(this.#bytes.toString());
      this.#bytes = undefined;
    }
    return this.#document as D;
  }

  /** The document as JSON. */
  json(): string {
    return this.#bytes?.toString() ?? JSON.stringify(this.#document);
  }
}
