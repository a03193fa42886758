import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isUnchanged } from '../../../http/conditional.ts';
import { REQUEST_ID } from '../../../http/request-id.ts';
import { type Encoding, encodingsFor } from './encoding.ts';
import { headersOf } from './request-head.ts';

/** One representation: its bytes, and its header lines as `writeHead` takes them, names and values in turn. */
interface Encoded {
  readonly body: Buffer;
  /** A short body with one character for each byte: Node writes it together with the head. */
  readonly oneWrite: string | undefined;
  readonly etag: string;
  readonly 'last-modified'?: string;
  readonly head: readonly string[];
  readonly unchanged: readonly string[];
}

/** Headers that each representation, or Node, writes for itself, and the id of the request that was answered first. */
const OWN = new Set([
  ...['content-length', 'content-encoding', 'etag', 'connection', 'date', 'transfer-encoding'],
  REQUEST_ID,
]);
/** Node writes a text of up to 16 kB, head and body, without making a buffer of it. */
const SHORT_BODY = 14 * 1024;
/** Smaller answers gain nothing by compression. */
const WORTH_COMPRESSING = 1_024;

/** An answer as bytes, for every anonymous client with the same query; immutable. Each representation has a strong ETag. */
export class CachedAnswer {
  readonly #encoded: ReadonlyMap<Encoding, Encoded>;
  readonly #headers: readonly string[];
  readonly #identity: Encoded;
  /** A PNG is compressed by itself. */
  readonly #isPicture: boolean;
  /** Everything deprecated that its query uses: counted each time that it is given. */
  readonly deprecated: readonly string[];

  private constructor(
    deprecated: readonly string[],
    headers: readonly string[],
    encoded: ReadonlyMap<Encoding, Encoded>,
    identity: Encoded,
  ) {
    this.deprecated = deprecated;
    this.#headers = headers;
    this.#encoded = encoded;
    this.#identity = identity;
    this.#isPicture = headers.includes('image/png');
  }

  /** Made of the uncompressed body and the headers that go with it; an `etag` among them names the body. */
  static from(
    body: Buffer,
    headers: Readonly<Record<string, unknown>>,
    deprecated: readonly string[] = [],
  ): CachedAnswer {
    const kept = Object.entries(headers).flatMap(([name, value]) =>
      OWN.has(name) || value === undefined ? [] : [name, String(value)],
    );
    const identity = encodedAs(body, typeof headers.etag === 'string' ? headers.etag : etagOf(body), kept);
    return new CachedAnswer(deprecated, kept, new Map([['identity', identity]]), identity);
  }

  /** The same answer with one more representation. */
  with(encoding: 'gzip' | 'br', body: Buffer): CachedAnswer {
    const etag = `${this.#identity.etag.slice(0, -1)}-${encoding}"`;
    const added = encodedAs(body, etag, [...this.#headers, 'content-encoding', encoding]);
    const encoded = new Map([...this.#encoded, [encoding, added] as const]);
    return new CachedAnswer(this.deprecated, this.#headers, encoded, this.#identity);
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
    for (const { body, oneWrite } of this.#encoded.values()) sum += body.length + (oneWrite?.length ?? 0);
    return sum;
  }

  /** The compressed representation that the client of this request prefers, if it is not made yet. */
  missingFor(request: IncomingMessage): 'gzip' | 'br' | undefined {
    if (this.body.length < WORTH_COMPRESSING || this.#isPicture) return undefined;
    const [best] = encodingsFor(headersOf(request)['accept-encoding']);
    return best === undefined || best === 'identity' || this.#encoded.has(best) ? undefined : best;
  }

  /** Answers a request, of this id if it has one, in the best representation there is; 304 if the client has that one already. */
  send(request: IncomingMessage, response: ServerResponse, id?: string): void {
    const headers = headersOf(request);
    const best = this.#bestFor(headers['accept-encoding']);
    const unchanged = isUnchanged(headers, best);
    const lines = unchanged ? best.unchanged : best.head;
    response.writeHead(unchanged ? 304 : 200, (id === undefined ? lines : [...lines, REQUEST_ID, id]) as string[]);
    if (unchanged) response.end();
    else if (best.oneWrite !== undefined) response.end(best.oneWrite, 'latin1');
    else response.end(best.body);
  }

  #bestFor(accepted: string | undefined): Encoded {
    if (this.#encoded.size > 1)
      for (const encoding of encodingsFor(accepted)) {
        const found = this.#encoded.get(encoding);
        if (found) return found;
      }
    return this.#identity;
  }
}

const etagOf = (body: Buffer): string => `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;

function encodedAs(body: Buffer, etag: string, headers: readonly string[]): Encoded {
  const pairs = headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1] ?? '']] : []));
  const [, modified] = pairs.find(([name]) => name === 'last-modified') ?? [];
  const unchanged = pairs.filter(([name]) => name !== 'content-type' && name !== 'content-encoding').flat();
  return {
    body,
    oneWrite: body.length <= SHORT_BODY ? body.toString('latin1') : undefined,
    etag,
    ...(modified ? { 'last-modified': modified } : {}),
    head: [...headers, 'etag', etag, 'content-length', String(body.length)],
    unchanged: [...unchanged, 'etag', etag],
  };
}
