import { Agent, fetch } from 'undici';
import type { Targets } from '../../outgoing/checked-connection.ts';
import { checkedConnector } from '../../outgoing/checked-connector.ts';
import type { LonLat, Territory } from '../../territory/territory.ts';
import type { AddressView } from '../address-view.rules.ts';
import { readFeatures } from './features.rules.ts';

export interface GeocoderOptions {
  /** The address before `/search` and `/reverse`. */
  url: string;
  targets: Targets;
  territory: Pick<Territory, 'byCode'>;
  /** Told why it is left alone for a while. Never told what was asked. */
  onFault(fault: string): void;
  timeoutMs?: number;
}

const TIMEOUT_MS = 2_000;
const MOST_BYTES = 256 * 1024;
const MOST_AT_ONCE = 8;
/** How long it is not asked after a failure; as long as it says itself, up to ten minutes. */
const REST_MS = 30_000;
const LONGEST_REST_MS = 600_000;

/**
 * Another's geocoder, which the operator chose: it is told what people look for where the hub itself finds nothing. Where it does not answer
 * in time, or not as expected, nothing is found, and it is left alone for half a minute.
 */
export class Geocoder {
  readonly #options: GeocoderOptions;
  #restsUntil = 0;
  #underWay = 0;

  constructor(options: GeocoderOptions) {
    this.#options = options;
  }

  search(text: string, near: LonLat | null, first: number): Promise<AddressView[]> {
    const around: Record<string, number> = near ? { lon: near.lon, lat: near.lat } : {};
    return this.#ask('search', { q: text, limit: first, index: 'address', ...around });
  }

  async nearest({ lon, lat }: LonLat): Promise<AddressView | null> {
    return (await this.#ask('reverse', { lon, lat, limit: 1, index: 'address' }))[0] ?? null;
  }

  async #ask(path: string, query: Record<string, string | number>): Promise<AddressView[]> {
    if (performance.now() < this.#restsUntil || this.#underWay >= MOST_AT_ONCE) return [];
    this.#underWay += 1;
    try {
      return await this.#answered(path, query);
    } catch (error) {
      this.#rest(error instanceof GeocoderFault ? error : new GeocoderFault(wordsFor(error)));
      return [];
    } finally {
      this.#underWay -= 1;
    }
  }

  async #answered(path: string, query: Record<string, string | number>): Promise<AddressView[]> {
    const { url, targets, territory, timeoutMs = TIMEOUT_MS } = this.#options;
    const address = new URL(`${url.replace(/\/+$/, '')}/${path}`);
    for (const [name, value] of Object.entries(query)) address.searchParams.set(name, String(value));
    // An agent of its own for each question: a connection kept alive would be used again without a new look at its address.
    const dispatcher = new Agent({ connect: checkedConnector(targets) });
    try {
      const answer = await fetch(address, {
        dispatcher,
        signal: AbortSignal.timeout(timeoutMs),
        redirect: 'error',
        headers: { accept: 'application/json', 'user-agent': 'Tocsin (adresses)' },
      });
      if (!answer.ok)
        throw new GeocoderFault(`it answers ${answer.status}`, Number(answer.headers.get('retry-after')) * 1_000);
      const found = readFeatures(await bodyOf(answer.body), territory);
      if (!found) throw new GeocoderFault('its answer is not as expected');
      return found;
    } finally {
      // Not waited for: it would wait for a connection under way.
      dispatcher.destroy().catch(() => undefined);
    }
  }

  #rest({ message, restMs }: GeocoderFault): void {
    const longest = Math.min(restMs > 0 ? restMs : REST_MS, LONGEST_REST_MS);
    this.#restsUntil = performance.now() + longest;
    this.#options.onFault(message);
  }
}

class GeocoderFault extends Error {
  constructor(
    message: string,
    readonly restMs = 0,
  ) {
    super(message);
  }
}

async function bodyOf(body: AsyncIterable<Uint8Array> | null): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new GeocoderFault(`it answers more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** Why there was no answer, without the address that was asked, in which the question stands. */
function wordsFor(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'it does not answer in time';
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return `it cannot be reached${code}`;
}
