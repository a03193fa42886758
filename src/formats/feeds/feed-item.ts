import type { FeedFacts } from './feed-facts.ts';

/**
 * One entry of a feed, whatever the feed's format: publications and posts for social networks become such items, and
 * `rss` and `jsonFeed` write them. Moments are RFC 3339 with the Paris offset; text is plain, as people wrote it.
 */
export interface FeedItem {
  /** Never changes and is never used twice; schedulers recognise by it the items that they have posted. */
  id: string;
  /** Absolute. One for each revision: the schedulers that compare links see a revision as news. */
  url: string;
  title: string;
  text: string;
  /** The same in HTML; null where readers shall have the plain text. */
  html: string | null;
  published: string;
  updated: string;
  image: FeedImage | null;
  tags: readonly string[];
  /** BCP 47 tag. */
  language: string;
  /** The organisation that published it; null where that was not kept, so that the feed's author stands for it. */
  author: string | null;
  /** Those that had approved it. */
  contributors: readonly string[];
  facts: FeedFacts;
}

export interface FeedImage {
  /** Absolute. */
  url: string;
  mediaType: string;
  alt: string;
}

/** The head of a feed. Addresses are absolute. */
export interface FeedHead {
  title: string;
  description: string;
  homeUrl: string;
  /** The address of this very feed, its filter included. */
  selfUrl: string;
  language: string;
  author: string;
}
