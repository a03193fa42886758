/** A piece of what a page says of a document, without HTML: a page decides how it looks. Lists without items are left out. */
export type PagePart =
  | { strong: string }
  | { fact: string }
  | { text: string; title?: string }
  | { title: string; items: readonly PageItem[] };

/** A line, or a link. */
export type PageItem = string | { label: string; url: string };

/** What the hub's own pages say of a kind. They speak French. */
export interface PageFace<D> {
  /** The title of its section on the public page. */
  heading: string;
  /** The title of a section apart, for documents that were seen reopened; absent for kinds of which nothing reopens. */
  reopenedHeading?: string;
  /** What the page of a document says below its text. */
  details(document: D): PagePart[];
}
