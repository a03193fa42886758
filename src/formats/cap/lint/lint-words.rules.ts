import type { LintFinding } from '../../../publications/content/lint.rules.ts';
import { forbiddenCharacter, holdsHtml } from '../../../publications/content/text/plain-text.ts';
import type { XmlElement } from '../../../xml/tree.ts';
import { capChildren } from '../tree.ts';
import { type CapContext, finding } from './finding.ts';

const WORDS = new Set(['note', 'event', 'senderName', 'headline', 'description', 'instruction', 'contact', 'areaDesc']);

/** C19: words are plain text that every screen and every voice can take. */
export function lintWords(alert: XmlElement, { relayed }: CapContext): LintFinding[] {
  return texts(alert, '').flatMap(([path, text]) => {
    const forbidden = forbiddenCharacter(text);
    return [
      ...(forbidden ? [finding('C19', path, `Le texte contient ${forbidden}, qui n’est pas du texte simple.`)] : []),
      ...(holdsHtml(text) ? [finding('C19', path, 'Le texte contient du HTML : écrivez du texte simple.')] : []),
      // Another authority's words stay as they are, however they were typed (I-03).
      ...(text === text.normalize('NFC')
        ? []
        : [finding('C19', path, 'Le texte n’est pas en forme normale (NFC).', relayed ? 'WARNING' : 'ERROR')]),
    ];
  });
}

function texts(element: XmlElement, path: string): [string, string][] {
  const own = element.children
    .filter(({ name }) => WORDS.has(name))
    .map(({ name, text }): [string, string] => [`${path}${name}`, text]);
  const inner = ['info', 'area'].flatMap((name) =>
    capChildren(element, name).flatMap((child, index) => texts(child, `${path}${name}.${index}.`)),
  );
  return [...own, ...inner];
}
