import type { AlertDocument } from '../../publications/alert/alert.content.ts';
import type { SealedMessage } from '../../publications/seal.ts';
import { serialize } from '../../xml/write.ts';
import { lintCap } from './lint/lint.ts';
import { type CapSetting, capMessage } from './message.ts';
import { signed } from './signature.ts';
import type { SigningPair } from './signing-pair.ts';

/**
 * Renders, signs and checks the newest CAP message of an alert. A message is rendered once: two renderings differ in their
 * signature, and perhaps in the version of the hub, so the hub keeps the bytes.
 */
export function sealCap(document: AlertDocument, setting: CapSetting, pair: SigningPair): SealedMessage {
  const xml = signed(serialize(capMessage(document, setting)), pair);
  const findings = lintCap(Buffer.from(xml), {
    earlier: document.messages.slice(0, -1),
    relayed: document.source.relayed,
    certificate: pair.certificate,
  });
  return { xml, findings };
}
