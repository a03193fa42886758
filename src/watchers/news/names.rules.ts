import { fingerprint } from '../../publications/content/fingerprint.ts';
import type { WatchedItem } from '../reading/watched-item.ts';
import { capKey, digest } from '../references.rules.ts';
import { wordsDigest } from './words.rules.ts';

/** How an item is known again, all as digests. */
export interface ItemNames {
  /** The name of the thing that it is about: for CAP the triplet, else its guid, id or link as the host of its feed gives it. */
  thing: string;
  /** The name that the hub gave to the thing before it knew states. */
  former: string;
  /** The words of its present state; for CAP all that the message says. */
  words: string;
  /** Whether other words stand under its name in the same feed, so that the name identifies nothing. */
  standsTwice: boolean;
}

/** Identities that mean the same in every feed of a host; all others mean something in their own feed alone. */
const EVERYWHERE = /^(cap:|https?:\/\/|urn:|tag:)/i;
const SCHEME = /^https?:\/\/(?:www\.)?/i;

/** The host of an address, the same over http and https, with `www.` and without. */
export const publisherOf = (url: string): string => (URL.parse(url)?.host ?? url).replace(/^www\./i, '');

const feedOf = (url: string): string => {
  const { pathname = '', search = '' } = URL.parse(url) ?? {};
  return `${publisherOf(url)}${pathname}${search}`;
};

/** The names of the items of one feed, in their order. */
export function namesOf(items: readonly WatchedItem[], feedUrl: string): ItemNames[] {
  const named = items.map((item) => nameOf(item, feedUrl));
  const words = Map.groupBy(named, ({ thing }) => thing);
  return named.map((one) => ({
    ...one,
    standsTwice: (words.get(one.thing) ?? []).some((other) => other.words !== one.words),
  }));
}

function nameOf(item: WatchedItem, feedUrl: string): Omit<ItemNames, 'standsTwice'> {
  const { identity, cap } = item;
  if (cap) {
    const { sent: _, ...said } = cap;
    return { thing: capKey(cap), former: capKey(cap), words: fingerprint(said) };
  }
  const isWide = EVERYWHERE.test(identity);
  return {
    thing: digest(`${isWide ? publisherOf(feedUrl) : feedOf(feedUrl)}\n${identity.replace(SCHEME, '')}`),
    former: digest(isWide ? identity : `${feedUrl}\n${identity}`),
    words: wordsDigest(item),
  };
}

/** The key of one state of a thing. */
export const stateKey = ({ thing, words }: Pick<ItemNames, 'thing' | 'words'>): string => digest(`${thing}\n${words}`);
