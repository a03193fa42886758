import type { GroundPhase } from '../vocabulary.ts';

/** A piece of what a page says of a document, without HTML: a page decides how it looks. Lists without items are left out. */
export type PagePart =
  | { strong: string }
  | { fact: string }
  | { text: string; title?: string }
  | { title: string; items: readonly PageItem[] };

/** A line, or a link. */
export type PageItem = string | { label: string; url: string };

/** The words of a kind on the hub's own pages. They speak French. */
export interface PageFace<D> {
  /** The title of its section on the public page. */
  heading: string;
  /** The titles of sections apart, for documents whose words were overtaken on the ground. */
  overtakenHeadings?: Partial<Record<GroundPhase, string>>;
  /** Said before the text, even in a list of documents, such as an address; absent where title and text say enough. */
  atAGlance?(document: D): PagePart[];
  /** The part of a document's page below its text. */
  details(document: D): PagePart[];
}
