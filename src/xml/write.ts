import Builder from 'fast-xml-builder';

/** An element in the order in which it is written. Made by `element`, read by `serialize`, opaque to everybody else. */
export interface XmlNode {
  readonly [name: string]: readonly XmlNode[] | Readonly<Record<string, string>> | string;
}
/** The content of an element, in order; an undefined part is left out. */
export type XmlContent = XmlNode | string | undefined;
/** Attributes in order; one whose value is undefined is left out. */
export type XmlAttributes = Readonly<Record<string, string | undefined>>;

const builder = new Builder({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  // White space would be signed, and read aloud.
  format: false,
  suppressEmptyNode: true,
  suppressBooleanAttributes: false,
});

/** One element. Text and attributes are escaped when they are written, so they are given as they are. */
export function element(name: string, attributes: XmlAttributes | null, ...content: XmlContent[]): XmlNode {
  const children = content
    .filter((child) => child !== undefined && child !== '')
    .map((child) => (typeof child === 'string' ? { '#text': child } : (child as XmlNode)));
  const written = Object.entries(attributes ?? {}).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return written.length === 0 ? { [name]: children } : { [name]: children, ':@': Object.fromEntries(written) };
}

/** The document as text: an XML declaration (UTF-8), then the root, with no white space of its own. */
export const serialize = (root: XmlNode): string => `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build([root])}`;

/** An element as text that can be kept: `serializeAround` takes it as it is. */
export const serializePart = (part: XmlNode): string => builder.build([part]);

/** The document of a root that has content, with parts that were written before behind its last element; `end` is the text that then ends it. */
export function serializeAround(root: XmlNode, end: string, parts: readonly string[]): string {
  const text = serialize(root);
  if (!text.endsWith(end)) throw new Error(`the document does not end with ${end}`);
  return `${text.slice(0, -end.length)}${parts.join('')}${end}`;
}
