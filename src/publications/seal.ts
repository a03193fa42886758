import type { AlertDocument } from './alert/alert.content.ts';
import type { LintFinding } from './content/lint.rules.ts';

/** A CAP message as it leaves for ever: its text, signed, and what its rules say against it. */
export interface SealedMessage {
  xml: string;
  findings: LintFinding[];
}

/** Renders, signs and checks the newest CAP message of an alert; a value, since publishing knows no format. */
export type Seal = (document: AlertDocument) => SealedMessage;
