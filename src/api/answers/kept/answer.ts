import { createHash } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { isUnchanged } from '../../../http/conditional.ts';
import { type Encoding, encodingsFor } from './encoding.ts';
import { headersOf } from './request-head.ts';

/** One representation of an answer: its bytes, and its header lines as `writeHead` takes them, names and values in turn. */
interface Form {
  readonly body: Buffer;
  readonly etag: string;
  readonly head: readonly string[];
  readonly unchanged: readonly string[];
}

/** Headers that each representation, or node, writes for itself. */
const OWN = new Set(['content-length', 'content-encoding', 'etag', 'connection', 'date', 'transfer-encoding']);
/** Smaller ones gain nothing by compression. */
const WORTH_COMPRESSING = 1_024;

/** An answer as bytes, for everybody who asks the same; immutable. Each representation has a strong ETag of its own. */
export class Answer {
  readonly #forms: ReadonlyMap<Encoding, Form>;
  readonly #headers: readonly string[];
  readonly #identity: Form;

  private constructor(headers: readonly string[], forms: ReadonlyMap<Encoding, Form>, identity: Form) {
    this.#headers = headers;
    this.#forms = forms;
    this.#identity = identity;
  }

  /** Of the body that was sent first, and the headers that went with it. */
  static of(body: Buffer, headers: OutgoingHttpHeaders): Answer {
    const kept = Object.entries(headers).flatMap(([name, value]) =>
      OWN.has(name) || value === undefined ? [] : [name, String(value)],
    );
    const identity = formOf(body, etagOf(body), kept);
    return new Answer(kept, new Map([['identity', identity]]), identity);
  }

  /** The same answer with one more representation. */
  with(encoding: 'gzip' | 'br', body: Buffer): Answer {
    const etag = `${this.#identity.etag.slice(0, -1)}-${encoding}"`;
    const form = formOf(body, etag, [...this.#headers, 'content-encoding', encoding]);
    return new Answer(this.#headers, new Map([...this.#forms, [encoding, form]]), this.#identity);
  }

  /** The entity tag of the bytes without compression. */
  get etag(): string {
    return this.#identity.etag;
  }

  /** The bytes as they are without compression. */
  get body(): Buffer {
    return this.#identity.body;
  }

  /** Roughly what it takes in memory. */
  get bytes(): number {
    let sum = 1_000;
    for (const { body } of this.#forms.values()) sum += body.length;
    return sum;
  }

  /** The compressed representation that this request would rather have, where it is not made yet. */
  missingFor(request: IncomingMessage): 'gzip' | 'br' | undefined {
    if (this.body.length < WORTH_COMPRESSING) return undefined;
    const [best] = encodingsFor(headersOf(request)['accept-encoding']);
    return best === undefined || best === 'identity' || this.#forms.has(best) ? undefined : best;
  }

  /** Answers a request in the best representation there is: 304 where it has that one already. */
  send(request: IncomingMessage, response: ServerResponse): void {
    const headers = headersOf(request);
    const form = this.#formFor(headers['accept-encoding']);
    if (isUnchanged(headers, form)) response.writeHead(304, form.unchanged as string[]).end();
    else response.writeHead(200, form.head as string[]).end(form.body);
  }

  #formFor(accepted: string | undefined): Form {
    if (this.#forms.size > 1)
      for (const encoding of encodingsFor(accepted)) {
        const form = this.#forms.get(encoding);
        if (form) return form;
      }
    return this.#identity;
  }
}

const etagOf = (body: Buffer): string => `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;

function formOf(body: Buffer, etag: string, headers: readonly string[]): Form {
  const pairs = headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1] ?? '']] : []));
  const unchanged = pairs.filter(([name]) => name !== 'content-type' && name !== 'content-encoding').flat();
  return {
    body,
    etag,
    head: [...headers, 'etag', etag, 'content-length', String(body.length)],
    unchanged: [...unchanged, 'etag', etag],
  };
}
