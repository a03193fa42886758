import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** SHA-256, in hex, of a value's canonical JSON (RFC 8785): equal values have equal fingerprints, whatever their key order. */
export function fingerprint(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('only JSON values have a fingerprint');
  return createHash('sha256').update(text).digest('hex');
}

/** A value in canonical key order, as it will read back from a jsonb column. */
export function canonical<T>(value: T): T {
  return JSON.parse(canonicalize(value) ?? 'null') as T;
}
