import { SaxesParser, type SaxesTagNS } from 'saxes';
import type { XmlElement } from './tree.ts';
import { XmlFault } from './xml-fault.ts';

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
 * Reads the tree of a document that anybody may have written. Refuses a document type declaration, and with it every entity
 * of the document's own, so that nothing expands and nothing is fetched. Throws XmlFault for that, for a document that is
 * not well formed, and beyond XML_LIMITS.
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
    throw new XmlFault(`XML mal formé : ${error.message}`);
  });
  parser.on('doctype', () => {
    throw new XmlFault('une déclaration DOCTYPE est refusée');
  });
  parser.on('opentag', (tag) => {
    elements += 1;
    if (elements > XML_LIMITS.elements) throw new XmlFault(`plus de ${XML_LIMITS.elements} éléments`);
    if (open.length > XML_LIMITS.depth) throw new XmlFault(`plus de ${XML_LIMITS.depth} niveaux d’éléments`);
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
  if (!root) throw new XmlFault('document vide');
  return root;
}

const attributesOf = (tag: SaxesTagNS): Record<string, string> =>
  Object.fromEntries(Object.values(tag.attributes).map(({ local, value }) => [local, value]));
