/** An element of a document that was read. */
export interface XmlElement {
  readonly uri: string;
  /** The name without its prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /**
   * The text in it and below it as it was written, but for character references. A reader of documents without mixed
   * content may leave it empty where there are children.
   */
  readonly text: string;
}

/** The children of an element by name, in any of some namespaces; in every namespace where none is given. */
export const childrenOf = (element: XmlElement, name: string, ...uris: string[]): XmlElement[] =>
  element.children.filter((child) => child.name === name && (uris.length === 0 || uris.includes(child.uri)));

/** The text of the first child of that name as it was written, or null where there is none. */
export const rawText = (element: XmlElement, name: string, ...uris: string[]): string | null =>
  childrenOf(element, name, ...uris)[0]?.text ?? null;

/** The same without white space at its ends; null where nothing is left. */
export const trimmedText = (element: XmlElement, name: string, ...uris: string[]): string | null =>
  rawText(element, name, ...uris)?.trim() || null;
