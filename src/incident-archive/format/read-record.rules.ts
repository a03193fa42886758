import { HASH_END, HASH_LENGTH, lineHashAfter } from './archive-chain.rules.ts';

/** A line as far as its place in the archive goes. */
export interface ReadLine {
  /** The number that it gives itself. */
  n: number;
  type: string;
  /** The hash that it gives itself. */
  hash: string;
  record: Readonly<Record<string, unknown>>;
  /** Its bytes up to its hash. */
  text: Buffer;
}

/** Reads a line; null for one that is no line of an archive, whatever it is. */
export function readLine(bytes: Buffer): ReadLine | null {
  const at = bytes.length - HASH_LENGTH;
  const hash = at > 0 ? HASH_END.exec(bytes.toString('latin1', at))?.[1] : undefined;
  const record = hash === undefined ? undefined : objectIn(bytes.toString());
  if (!hash || !record) return null;
  const { n, type } = record;
  if (!Number.isSafeInteger(n) || typeof type !== 'string') return null;
  return { n: n as number, type, hash, record, text: bytes.subarray(0, at) };
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a line is the one that was written behind a line of this hash. */
export const followsOn = (before: string, { text, hash }: ReadLine): boolean => lineHashAfter(before, text) === hash;
