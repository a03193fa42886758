import type { X509Certificate } from 'node:crypto';
import type { CapMessage } from '../../../publications/alert/alert.content.ts';
import type { LintFinding, LintLevel } from '../../../publications/content/lint.rules.ts';
import type { XmlElement } from '../../../xml/tree.ts';

/** The facts that rules need beside the message itself. */
export interface CapContext {
  /** The messages of the thread before this one, oldest first. */
  earlier: readonly CapMessage[];
  /** Whether the words are another authority's, which stay as they are (I-03). */
  relayed: boolean;
  /** The certificate that readers trust. */
  certificate: X509Certificate;
}

export type CapRule = (alert: XmlElement, context: CapContext) => LintFinding[];

/** A finding on a message; the path is that of an element, empty for the whole. */
export function finding(rule: string, path: string, message: string, level: LintLevel = 'ERROR'): LintFinding {
  return { rule, level, path: path ? `cap.${path}` : 'cap', message };
}
