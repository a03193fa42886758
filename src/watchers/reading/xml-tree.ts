import { SaxesParser, type SaxesTagNS } from 'saxes';
import { FeedFault } from './feed-fault.ts';

/** An element as it was written: its text is what stands in it and below it, untouched but for character references. */
export interface XmlElement {
  readonly uri: string;
  /** The name without its prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

interface Open {
  uri: string;
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  text: string;
}

export const XML_LIMITS = { bytes: 5_000_000, depth: 40, elements: 50_000 };

// Named references of HTML that feeds use although XML has only five.
const NAMED: Record<string, string> = {
  nbsp: '\u00a0',
  rsquo: '’',
  lsquo: '‘',
  laquo: '«',
  raquo: '»',
  hellip: '…',
  ndash: '–',
  mdash: '—',
  euro: '€',
  agrave: 'à',
  acirc: 'â',
  ccedil: 'ç',
  eacute: 'é',
  egrave: 'è',
  ecirc: 'ê',
  icirc: 'î',
  ocirc: 'ô',
  ugrave: 'ù',
  ucirc: 'û',
  Eacute: 'É',
};

/**
 * The tree of an XML document. A document type declaration is refused, and with it every entity of its own, so nothing
 * expands and nothing is fetched. Throws FeedFault for that, for what is not well formed, and beyond XML_LIMITS.
 */
export function readTree(text: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true, forceXMLVersion: true, defaultXMLVersion: '1.0' });
  Object.assign(parser.ENTITIES, NAMED);
  const open: Open[] = [{ uri: '', name: '', attributes: {}, children: [], text: '' }];
  let elements = 0;
  const write = (piece: string) => {
    const inside = open.at(-1);
    if (inside) inside.text += piece;
  };
  parser.on('error', (error) => {
    throw new FeedFault(`XML mal formé : ${error.message}`);
  });
  parser.on('doctype', () => {
    throw new FeedFault('une déclaration DOCTYPE est refusée');
  });
  parser.on('opentag', (tag) => {
    elements += 1;
    if (elements > XML_LIMITS.elements) throw new FeedFault(`plus de ${XML_LIMITS.elements} éléments`);
    if (open.length > XML_LIMITS.depth) throw new FeedFault(`plus de ${XML_LIMITS.depth} niveaux d’éléments`);
    open.push({ uri: tag.uri, name: tag.local, attributes: attributesOf(tag), children: [], text: '' });
  });
  parser.on('text', write);
  parser.on('cdata', write);
  parser.on('closetag', () => {
    const closed = open.pop();
    if (!closed) return;
    open.at(-1)?.children.push(closed);
    write(closed.text);
  });
  parser.write(text).close();
  const root = open[0]?.children[0];
  if (!root) throw new FeedFault('document vide');
  return root;
}

const attributesOf = (tag: SaxesTagNS): Record<string, string> =>
  Object.fromEntries(Object.values(tag.attributes).map(({ local, value }) => [local, value]));

/** The children of an element by name, in any of some namespaces; all namespaces where none is given. */
export const childrenOf = (element: XmlElement, name: string, ...uris: string[]): XmlElement[] =>
  element.children.filter((child) => child.name === name && (uris.length === 0 || uris.includes(child.uri)));

/** The text of the first child of that name as it was written, or null where there is none. */
export const rawText = (element: XmlElement, name: string, ...uris: string[]): string | null =>
  childrenOf(element, name, ...uris)[0]?.text ?? null;

/** The same without white space at its ends; null where nothing is left. */
export const textOf = (element: XmlElement, name: string, ...uris: string[]): string | null =>
  rawText(element, name, ...uris)?.trim() || null;
