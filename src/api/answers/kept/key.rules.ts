import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import canonicalize from 'canonicalize';
import { headersOf } from './request-head.ts';

/** Whether a request is anonymous: without a token, a cookie, or an idempotency key. */
export function isAnonymous(request: IncomingMessage): boolean {
  const headers = headersOf(request);
  return (
    headers.authorization === undefined && headers.cookie === undefined && headers['idempotency-key'] === undefined
  );
}

const LONGEST_ACCEPT = 300;

/** The key of an anonymous query by GET: its address, and the media types that the client accepts. */
export function keyOfGet(request: IncomingMessage): string | undefined {
  const { url } = request;
  if (!url?.startsWith('/graphql?') || !isAnonymous(request)) return undefined;
  const accept = headersOf(request).accept ?? '';
  return accept.length > LONGEST_ACCEPT ? undefined : `GET ${accept}\n${url}`;
}

/** The key of a POST before it is parsed: its very bytes, and the media types that the client accepts. */
export function keyOfBytes(request: IncomingMessage, body: Buffer): string | undefined {
  const accept = headersOf(request).accept ?? '';
  return accept.length > LONGEST_ACCEPT ? undefined : `${accept}\n${body.toString('latin1')}`;
}

/**
 * The key of a POST by its meaning: document, operation and variables in canonical form; undefined for a body that is
 * no query, or that nests too deep to be written so.
 */
export function keyOfMeaning(request: IncomingMessage, body: unknown): string | undefined {
  const accept = headersOf(request).accept ?? '';
  if (accept.length > LONGEST_ACCEPT || typeof body !== 'object' || body === null || Array.isArray(body))
    return undefined;
  const { query, operationName, variables, extensions } = body as Record<string, unknown>;
  // A client that sends the text of a document with its hash has it registered: that must reach Apollo each time.
  if (query !== undefined && extensions !== undefined && extensions !== null) return undefined;
  try {
    const canonical = canonicalize([query ?? null, operationName ?? null, variables ?? {}, extensions ?? null]);
    return canonical && `POST ${accept}\n${createHash('sha256').update(canonical).digest('base64')}`;
  } catch {
    return undefined;
  }
}
