import { createHash } from 'node:crypto';
import type { LintFinding } from '../../../publications/content/lint.rules.ts';
import type { XmlElement } from '../../../xml/tree.ts';
import { capChildren, capText } from '../tree.ts';
import { finding } from './finding.ts';

/** C20: a resource describes itself, and the content that it carries along fits the description. */
export const lintResources = (alert: XmlElement): LintFinding[] =>
  capChildren(alert, 'info').flatMap((info, infoIndex) =>
    capChildren(info, 'resource').flatMap((resource, index) => {
      const fault = faultOf(resource);
      return fault ? [finding('C20', `info.${infoIndex}.resource.${index}`, fault)] : [];
    }),
  );

function faultOf(resource: XmlElement): string | undefined {
  const [type, size, digest, carried] = ['mimeType', 'size', 'digest', 'derefUri'].map((name) =>
    capText(resource, name),
  );
  if (!/^[\w.+-]+\/[\w.+-]+$/.test(type ?? '') || !/^\d+$/.test(size ?? '') || !/^[\da-f]{40}$/i.test(digest ?? ''))
    return 'Une ressource porte son type, sa taille en octets et son empreinte SHA-1.';
  if (carried === undefined) return undefined;
  const bytes = Buffer.from(carried, 'base64');
  const sum = createHash('sha1').update(bytes).digest('hex');
  return bytes.length === Number(size) && sum === digest?.toLowerCase()
    ? undefined
    : 'La taille ou l’empreinte de la ressource n’est pas celle de son contenu.';
}
