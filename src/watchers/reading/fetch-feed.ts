import { Agent, fetch, type Response } from 'undici';
import { AddressRefused, type Targets } from '../../outgoing/checked-connection.ts';
import { checkedConnector } from '../../outgoing/checked-connector.ts';
import { XML_LIMITS } from '../../xml/read-tree.ts';
import { FeedFault } from './feed-fault.ts';

/** The validators that the server sent with the version that was read last. */
export interface Validators {
  etag: string | null;
  lastModified: string | null;
}

export type Fetched = { changed: false } | ({ changed: true; bytes: Uint8Array; mediaType: string } & Validators);

/** How much the hub takes of an answer, and how long it waits for the last byte. */
interface FetchLimits {
  bytes: number;
  ms: number;
}

const FEED_LIMITS: FetchLimits = { bytes: XML_LIMITS.bytes, ms: 20_000 };
const ACCEPT = 'application/cap+xml, application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.5';

/**
 * Gets a feed, if it changed since it was read last. It connects only to addresses that pass the check, redirections
 * included. Throws FeedFault, in French, for every failure, and beyond the limits: a feed may take 20 seconds.
 */
export async function fetchFeed(
  url: string,
  { etag, lastModified }: Validators,
  targets: Targets,
  signal: AbortSignal,
  limits = FEED_LIMITS,
): Promise<Fetched> {
  // An agent of its own for each attempt: a connection kept alive would be used again without a new look at its address.
  const dispatcher = new Agent({ connect: checkedConnector(targets) });
  try {
    const response = await fetch(url, {
      dispatcher,
      signal: AbortSignal.any([signal, AbortSignal.timeout(limits.ms)]),
      headers: {
        accept: ACCEPT,
        'user-agent': 'Tocsin (veille)',
        ...(etag ? { 'if-none-match': etag } : {}),
        ...(lastModified ? { 'if-modified-since': lastModified } : {}),
      },
    });
    if (response.status === 304) return { changed: false };
    if (!response.ok) throw refusalOf(response);
    return {
      changed: true,
      bytes: await boundedBody(response.body, limits.bytes),
      mediaType: response.headers.get('content-type') ?? '',
      etag: response.headers.get('etag'),
      lastModified: response.headers.get('last-modified'),
    };
  } catch (error) {
    throw faultOf(error);
  } finally {
    await dispatcher.destroy();
  }
}

function refusalOf({ status, headers }: Response): FeedFault {
  const isAbsence = status === 404 || status === 410;
  return new FeedFault(`le serveur répond ${status}`, { retryAfter: headers.get('retry-after'), isAbsence });
}

async function boundedBody(body: AsyncIterable<Uint8Array> | null, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > most) throw new FeedFault(`plus de ${most} octets`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function faultOf(error: unknown): unknown {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof FeedFault) return at;
    if (at instanceof AddressRefused) return new FeedFault(`adresse refusée : ${at.hostname} n’est pas public`);
  }
  if (!(error instanceof Error)) return error;
  if (error.name === 'TimeoutError') return new FeedFault('le serveur ne répond pas à temps');
  const cause = error.cause instanceof Error ? error.cause.message : error.message;
  return new FeedFault(`le serveur ne peut être joint : ${cause.slice(0, 200)}`);
}
