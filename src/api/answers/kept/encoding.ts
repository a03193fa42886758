import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import Negotiator from 'negotiator';

/** Names as `Content-Encoding` has them; `identity` is sent without that header. */
export type Encoding = 'identity' | 'gzip' | 'br';

const OFFERED: Encoding[] = ['br', 'gzip', 'identity'];
const MOST_KNOWN = 200;
// At 11 brotli takes sixty times as long to save another tenth.
const BROTLI_QUALITY = 5;

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);
const known = new Map<string, readonly Encoding[]>();

/** The encodings that a client accepts, best first; identity alone if it names none. */
export function encodingsFor(accepted: string | undefined): readonly Encoding[] {
  if (accepted === undefined) return ['identity'];
  const found = known.get(accepted);
  if (found) return found;
  const request = { headers: { 'accept-encoding': accepted } } as unknown as IncomingMessage;
  const wanted = new Set(new Negotiator(request).encodings(OFFERED));
  const made = OFFERED.filter((encoding) => wanted.has(encoding));
  // Clients use a handful of values; a header beyond the first few hundred is parsed each time.
  if (known.size < MOST_KNOWN) known.set(accepted, made);
  return made;
}

/** Compresses off the event loop, once for the same Buffer: a feed that comes out the same keeps its bytes. */
export function encode(body: Buffer, encoding: 'gzip' | 'br'): Promise<Buffer> {
  const made = encoded[encoding].get(body);
  if (made) return made;
  const making =
    encoding === 'gzip' ? zip(body) : brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } });
  encoded[encoding].set(body, making);
  // Out of memory for a while: the next client has another try.
  making.catch(() => encoded[encoding].delete(body));
  return making;
}

const encoded = { gzip: new WeakMap<Buffer, Promise<Buffer>>(), br: new WeakMap<Buffer, Promise<Buffer>>() };
