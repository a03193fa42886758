import { readFileSync } from 'node:fs';
import { XmlDocument as Xml, type XmlDocument, XmlElement, XsdValidator } from 'libxml2-wasm';
import { CAP } from './words.ts';

/** An element of a message as a foreign parser reads it: what the rules look at, never what was rendered. */
export interface CapElement {
  readonly name: string;
  readonly uri: string;
  /** What stands in it, without the text of its children. */
  readonly text: string;
  readonly children: readonly CapElement[];
}

/** The elements of a document below its root, as a tree of plain objects that outlives the document. */
export function treeOf(document: XmlDocument): CapElement {
  return toElement(document.root);
}

function toElement(node: XmlElement): CapElement {
  const children: CapElement[] = [];
  for (let child = node.firstChild; child; child = child.next)
    if (child instanceof XmlElement) children.push(toElement(child));
  return {
    name: node.name,
    uri: node.namespaceUri,
    text: children.length === 0 ? node.content : '',
    children,
  };
}

export const childrenOf = (element: CapElement, name: string): CapElement[] =>
  element.children.filter((child) => child.name === name && child.uri === CAP);

/** The text of the first child of that name, or undefined. */
export const textIn = (element: CapElement, name: string): string | undefined => childrenOf(element, name)[0]?.text;

let validator: XsdValidator | undefined;

/** Compiled at the first use and kept: it takes longer than a hundred validations. */
function schema(): XsdValidator {
  if (validator) return validator;
  using source = Xml.fromBuffer(readFileSync(new URL('cap-1.2.xsd', import.meta.url)));
  validator = XsdValidator.fromDoc(source);
  return validator;
}

/** What OASIS's schema says against a document, one sentence each; empty for a valid one. */
export function schemaFaults(document: XmlDocument): string[] {
  try {
    schema().validate(document);
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message.trim() : String(error)];
  }
}
