import type { PublicReads } from '../../board/public-reads.ts';
import type { FormatSetting } from '../../formats/setting.ts';
import type { PublicDocument } from '../../publications/document.ts';
import type { FeedFilter, FeedParameter } from './feed-filter.ts';

/** A feed over the documents of the board: one row of `FEEDS`. */
export interface Feed {
  path: string;
  mediaType: string;
  /** The parameters that its query may hold; any other one is refused. */
  parameters: readonly FeedParameter[];
  write(request: FeedRequest): string;
}

/** The values from which a feed is written. */
export interface FeedRequest {
  reads: PublicReads;
  filter: FeedFilter;
  setting: FormatSetting;
  /** The feed's own absolute address, its filter included. */
  selfUrl: string;
}

/** One publication in a format of its own, at an address of its own: one row of `DOCUMENT_FORMATS`. */
export interface DocumentFormat {
  /** A route with the parameter `file`: the publication's id, a dot, and the ending. */
  path: string;
  ending: string;
  mediaType: string;
  /** As of `now`, milliseconds since 1970. Undefined for a document that has no such form. */
  write(document: PublicDocument, setting: FormatSetting, now: number): string | undefined;
  /** What the error says of a file that does not exist. */
  missing(file: string): string;
}
