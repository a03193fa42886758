import type { LintFinding } from './lint.rules.ts';

/** A CAP message as it leaves for ever: its text, signed, and what its rules say against it. */
export interface SealedMessage {
  xml: string;
  findings: LintFinding[];
}
