import { readFileSync } from 'node:fs';
import { XmlElement as ParsedElement, XmlDocument as Xml, type XmlDocument, XsdValidator } from 'libxml2-wasm';
import { childrenOf, type XmlElement } from '../../xml/tree.ts';
import { CAP } from './words.ts';

/** The elements of a message below its root, read back by a parser that did not write it; outlives the document. */
export const treeOf = (document: XmlDocument): XmlElement => toElement(document.root);

function toElement(node: ParsedElement): XmlElement {
  const children: XmlElement[] = [];
  for (let child = node.firstChild; child; child = child.next)
    if (child instanceof ParsedElement) children.push(toElement(child));
  return {
    name: node.name,
    uri: node.namespaceUri,
    attributes: Object.fromEntries(node.attrs.map(({ name, value }) => [name, value])),
    text: children.length === 0 ? node.content : '',
    children,
  };
}

/** The children of an element that are CAP's, by name. */
export const capChildren = (element: XmlElement, name: string): XmlElement[] => childrenOf(element, name, CAP);

/** The text of the first of them, or undefined. */
export const capText = (element: XmlElement, name: string): string | undefined => capChildren(element, name)[0]?.text;

let validator: XsdValidator | undefined;

/** Compiled at the first use and kept: it takes longer than a hundred validations. */
function schema(): XsdValidator {
  if (validator) return validator;
  using source = Xml.fromBuffer(readFileSync(new URL('cap-1.2.xsd', import.meta.url)));
  validator = XsdValidator.fromDoc(source);
  return validator;
}

/** The faults that OASIS's schema finds in a document, one sentence each; empty for a valid one. */
export function schemaFaults(document: XmlDocument): string[] {
  try {
    schema().validate(document);
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message.trim() : String(error)];
  }
}
