import { XmlDocument as Xml, type XmlDocument } from 'libxml2-wasm';
import type { LintFinding } from '../../../publications/content/lint.rules.ts';
import { signatureFault } from '../signature.ts';
import { schemaFaults, treeOf } from '../tree.ts';
import { type CapContext, type CapRule, finding } from './finding.ts';
import { lintAreas } from './lint-area.rules.ts';
import { lintHead } from './lint-head.rules.ts';
import { lintInfos } from './lint-info.rules.ts';
import { lintResources } from './lint-resource.rules.ts';
import { lintWords } from './lint-words.rules.ts';

const RULES: readonly CapRule[] = [lintHead, lintInfos, lintWords, lintAreas, lintResources];

/**
 * The findings of the rules C01 to C20 on a message, read back from its bytes by another parser. Paths are those of its
 * elements, such as `cap.info.0.expires`.
 */
export function lintCap(bytes: Uint8Array, context: CapContext): LintFinding[] {
  let document: XmlDocument;
  try {
    document = Xml.fromBuffer(bytes);
  } catch (error) {
    return [
      finding('C01', '', `Le message CAP n’est pas du XML : ${error instanceof Error ? error.message.trim() : ''}`),
    ];
  }
  using message = document;
  const alert = treeOf(message);
  const faults = schemaFaults(message).map((fault) => finding('C01', '', `Le schéma CAP 1.2 refuse : ${fault}`));
  const forged = signatureFault(message, context.certificate);
  return [
    ...faults,
    ...RULES.flatMap((rule) => rule(alert, context)),
    ...(forged ? [finding('C18', 'Signature', forged)] : []),
  ];
}
