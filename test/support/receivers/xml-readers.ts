import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { DOMParser, onErrorStopParsing } from '@xmldom/xmldom';
import { XmlDocument, XmlElement, XmlText, XsdValidator } from 'libxml2-wasm';
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs';

/** An element as a stranger reads it: its name with prefix, attributes without declarations, and what is in it. */
export interface Read {
  name: string;
  attributes: Record<string, string>;
  children: Read[];
  text: string;
}

/** The document as libxml2 reads it. Throws where it is not well-formed. */
export function byLibxml(xml: string): Read {
  using document = XmlDocument.fromString(xml);
  return fromLibxml(document.root);
}

function fromLibxml(element: XmlElement): Read {
  const children: Read[] = [];
  let text = '';
  for (let node = element.firstChild; node; node = node.next) {
    if (node instanceof XmlElement) children.push(fromLibxml(node));
    else if (node instanceof XmlText) text += node.content;
  }
  const attributes = element.attrs.map(({ prefix, name, value }): [string, string] => [named(prefix, name), value]);
  return { name: named(element.prefix, element.name), attributes: sorted(attributes), children, text };
}

/** The document as xmldom reads it. Throws where it is not well-formed. */
export function byXmldom(xml: string): Read {
  const { documentElement } = new DOMParser({ onError: onErrorStopParsing }).parseFromString(xml, 'text/xml');
  if (!documentElement) throw new Error('no root');
  return fromXmldom(documentElement);
}

type DomElement = NonNullable<ReturnType<DOMParser['parseFromString']>['documentElement']>;

function fromXmldom(element: DomElement): Read {
  const nodes = [...element.childNodes];
  const attributes = [...element.attributes]
    .map(({ name, value }): [string, string] => [name, value])
    .filter(([name]) => !name.startsWith('xmlns'));
  return {
    name: element.nodeName,
    attributes: sorted(attributes),
    children: nodes.filter((node) => node.nodeType === 1).map((node) => fromXmldom(node as DomElement)),
    text: nodes
      .filter((node) => node.nodeType === 3 || node.nodeType === 4)
      .map((node) => node.nodeValue)
      .join(''),
  };
}

const named = (prefix: string, name: string): string => (prefix === '' ? name : `${prefix}:${name}`);
const sorted = (pairs: [string, string][]): Record<string, string> =>
  Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));

/** The first element below one, by a path of names; undefined where there is none. */
export const below = (read: Read | undefined, ...names: string[]): Read | undefined =>
  names.reduce((found: Read | undefined, name) => found?.children.find((child) => child.name === name), read);

/** Every element of a name, wherever it stands. */
export const all = (read: Read, name: string): Read[] => [
  ...(read.name === name ? [read] : []),
  ...read.children.flatMap((child) => all(child, name)),
];

/** A check against an XSD of one file or several: throws what is wrong. Compiled once. */
export function schema(file: string): (xml: string) => void {
  xmlRegisterFsInputProviders();
  const url = pathToFileURL(path.resolve(file)).href;
  const validator = XsdValidator.fromDoc(XmlDocument.fromBuffer(readFileSync(file), { url }));
  return (xml) => {
    using document = XmlDocument.fromString(xml);
    validator.validate(document);
  };
}
