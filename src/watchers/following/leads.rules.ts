import { isCurrent, isReal } from '../news/standing.rules.ts';
import { wordsDigest } from '../news/words.rules.ts';
import type { CapAnnouncement } from '../reading/announcement.ts';
import type { WatchedItem } from '../reading/watched-item.ts';
import { digest } from '../references.rules.ts';

/** The way from an item of a feed to the CAP message that it announces. */
export interface Lead extends Pick<CapAnnouncement, 'certainty'> {
  key: string;
  /** Absolute, the likeliest first. */
  urls: readonly [string, ...string[]];
  title: string;
  words: string;
  at: Date | null;
}

const LONGEST_ADDRESS = 2_000;

/** The lead of an item; null where it leads nowhere, and where what it says of the message makes it no news at all. */
export function leadOf(item: WatchedItem, feedUrl: string, now: Date): Lead | null {
  const { cap, announces, title, at } = item;
  if (cap || !announces || !isReal(item) || isSurelyPast(item, announces, now)) return null;
  const [first, ...others] = announces.addresses.flatMap((address) => webUrl(address, feedUrl));
  if (!first) return null;
  const urls = [first, ...others] as const;
  const key = digest(urls.join('\n'));
  return { certainty: announces.certainty, key, urls, title, words: wordsDigest(item), at };
}

/**
 * An item that says when it ends is over then, unless its message bears on an earlier one. Of an item that only has an address
 * the age decides; an old item that leads to CAP may still be in force.
 */
function isSurelyPast(item: WatchedItem, { msgType, ends, certainty }: CapAnnouncement, now: Date): boolean {
  if (isCurrent(item, now)) return false;
  return ends.length > 0 ? !msgType || msgType.toLowerCase() === 'alert' : certainty === 'POSSIBLE';
}

function webUrl(address: string, feedUrl: string): string[] {
  const url = URL.parse(address, feedUrl);
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return [];
  url.hash = '';
  return url.href.length > LONGEST_ADDRESS || url.href === URL.parse(feedUrl)?.href ? [] : [url.href];
}

/** The host and port of a lead. */
export const hostOf = ({ urls: [url] }: Pick<Lead, 'urls'>): string => URL.parse(url)?.host ?? '';
