import type { Mode } from '../../publications/vocabulary.ts';
import type { CallReason } from '../call.rules.ts';

/** Something that lasts until somebody mends it. */
export interface LastingCondition {
  reason: CallReason;
  /** Which one of its reason, and of the incident where it has one. */
  topic: string;
  incident: string | null;
  mode: Mode;
}
