import { fingerprint } from '../content/fingerprint.ts';
import type { Severity } from '../vocabulary.ts';

/** How a revision took a publication away from what a reader asked for: out of their communes, or below their gravity. */
export interface Departed {
  /** The revision, and when it was published (RFC 3339). */
  revision: number;
  at: string;
  /** The communes asked for that it reached before; empty where it only became less grave. */
  communes: readonly string[];
  /** The least gravity asked for. */
  least: Severity;
}

/** A departure as one word of an address. Readers of other places and gravities have other news, so theirs is another word. */
export function departedWord({ communes, least }: Departed): string {
  const [only = least.toLowerCase()] = communes;
  return `left-${communes.length > 1 ? fingerprint(communes).slice(0, 8) : only}`;
}

/** Whether a word of an address is one of `departedWord`. */
export const isDepartedWord = (word: string): boolean => word.startsWith('left-');
