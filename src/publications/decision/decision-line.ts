import type { Tongue } from '../content/tongue.ts';
import type { PublicDocument } from '../document.ts';
import { kindOf } from '../kinds.ts';
import { decisionLine } from './decision.words.ts';

/** The decision behind a publication of any kind, in one line; null where none is named. */
export function decisionLineOf(document: PublicDocument, tongue: Tongue): string | null {
  const decision = kindOf(document.kind).decision?.(document);
  return decision ? decisionLine(decision, tongue) : null;
}
