import { SaxesParser, type SaxesTagNS } from 'saxes';
import { mendSigns } from './mend.ts';
import type { XmlElement } from './tree.ts';
import { type NoteXmlFault, XmlFault } from './xml-fault.ts';

interface Open {
  uri: string;
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  text: string;
}

export const XML_LIMITS = { bytes: 5_000_000, depth: 40, elements: 50_000, faults: 10_000 };

/** Faults of a document after which the rest is read as it was meant, and how staff read them. Any other ends the reading. */
const BEARABLE: [RegExp, string][] = [
  [/unbound namespace prefix: "(.*)"\.$/, 'préfixe « $1 » sans espace de noms'],
  [/unexpected close tag/, 'balise non fermée'],
  [/duplicate attribute/, 'attribut en double'],
  [/unquoted attribute|attribute without value|between attributes/, 'attribut sans guillemets'],
  [/text data outside of root|only one root/, 'texte hors de la racine'],
  [/"\]\]>"/, '« ]]> » dans un texte'],
  [/XML declaration|instructions are not allowed/, 'déclaration XML mal placée'],
  [/malformed comment/, 'commentaire mal formé'],
];

/** Prefixes that feeds use without saying what they stand for. */
const USUAL_PREFIXES = new Map([
  ['atom', 'http://www.w3.org/2005/Atom'],
  ['cap', 'urn:oasis:names:tc:emergency:cap:1.2'],
  ['dc', 'http://purl.org/dc/elements/1.1/'],
  ['dcterms', 'http://purl.org/dc/terms/'],
  ['geo', 'http://www.w3.org/2003/01/geo/wgs84_pos#'],
  ['georss', 'http://www.georss.org/georss'],
  ['gml', 'http://www.opengis.net/gml'],
]);

/**
 * Reads the tree of a document that anybody may have written. Odd signs and small faults of form are noted, and the rest is
 * read. Refuses a document type declaration with a subset, and with it every entity of the document's own, so that nothing
 * expands; nothing is fetched. Throws XmlFault for that, for a document whose form is lost, and beyond XML_LIMITS.
 */
export function readTree(text: string, note: NoteXmlFault): XmlElement {
  const noteFault: NoteXmlFault = (fault) => note(`XML mal formé : ${fault}`);
  const noteError = counted(noteFault);
  const resolvePrefix = (prefix: string): string | undefined => {
    const uri = USUAL_PREFIXES.get(prefix);
    if (uri) noteFault(`préfixe « ${prefix} » sans espace de noms`);
    return uri;
  };
  const parser = new SaxesParser({ xmlns: true, forceXMLVersion: true, defaultXMLVersion: '1.0', resolvePrefix });
  const reading = new TreeReading();
  parser.on('error', ({ message }) => noteError(bearable(message)));
  parser.on('doctype', (declaration) => {
    if (declaration.includes('[')) throw new XmlFault('une déclaration DOCTYPE qui définit des entités est refusée');
    note('une déclaration DOCTYPE n’est pas suivie');
  });
  parser.on('opentag', (tag) => reading.open(tag));
  parser.on('text', (piece) => reading.write(piece));
  parser.on('cdata', (piece) => reading.write(piece));
  parser.on('closetag', () => reading.close());
  parser.write(mendSigns(text, noteFault)).close();
  return reading.root();
}

function bearable(message: string): string {
  const [pattern, french] = BEARABLE.find(([pattern]) => pattern.test(message)) ?? [];
  if (!pattern || !french) throw new XmlFault(`XML mal formé : ${message}`);
  return french.replace('$1', pattern.exec(message)?.[1] ?? '');
}

/** The same, up to a number of faults: a parser makes an error of each. */
function counted(note: NoteXmlFault): NoteXmlFault {
  let faults = 0;
  return (fault) => {
    faults += 1;
    if (faults > XML_LIMITS.faults) throw new XmlFault(`XML mal formé : plus de ${XML_LIMITS.faults} fautes`);
    note(fault);
  };
}

/** The elements that are open, from the document itself to the innermost, while a parser goes through them. */
class TreeReading {
  readonly #open: Open[] = [{ uri: '', name: '', attributes: {}, children: [], text: '' }];
  #elements = 0;

  open(tag: SaxesTagNS): void {
    this.#elements += 1;
    if (this.#elements > XML_LIMITS.elements) throw new XmlFault(`plus de ${XML_LIMITS.elements} éléments`);
    if (this.#open.length > XML_LIMITS.depth) throw new XmlFault(`plus de ${XML_LIMITS.depth} niveaux d’éléments`);
    this.#open.push({ uri: tag.uri, name: tag.local, attributes: attributesOf(tag), children: [], text: '' });
  }

  write(piece: string): void {
    const inside = this.#open.at(-1);
    if (inside) inside.text += piece;
  }

  close(): void {
    const closed = this.#open.pop();
    if (!closed) return;
    this.#open.at(-1)?.children.push(closed);
    this.write(closed.text);
  }

  /** The longest of all that stand side by side: a server may write a warning before the document. */
  root(): XmlElement {
    const [first, ...others] = this.#open[0]?.children ?? [];
    const root =
      first && others.reduce((longest, one) => (one.text.length > longest.text.length ? one : longest), first);
    if (!root) throw new XmlFault('document vide');
    return root;
  }
}

const attributesOf = (tag: SaxesTagNS): Record<string, string> =>
  Object.fromEntries(Object.values(tag.attributes).map(({ local, value }) => [local, value]));
