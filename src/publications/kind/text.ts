import type { Block } from '../content/block.ts';
import type { TextContent } from '../content/content.ts';
import type { Tongue } from '../content/tongue.ts';

/** The words that a kind puts around those of its publishers, wherever its documents leave as text, such as in feeds. */
export interface TextFace<D> {
  /** Said before the publisher's words: how grave an alert is, whether a rumour is true. Empty for kinds that say nothing. */
  lead(document: D, text: TextContent, tongue: Tongue): Block[];
  /** Said after them. */
  details(document: D, text: TextContent, tongue: Tongue): Block[];
  /** The names under which feeds file a document: that of the kind first. */
  tags(document: D, tongue: Tongue): string[];
}
