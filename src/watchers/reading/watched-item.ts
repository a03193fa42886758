import { compile } from 'html-to-text';
import { readDate } from '../../dates/read-date.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { announcementIn, type CapAnnouncement, markedIn } from './announcement.ts';
import { isCap, readCap, referenceOf, type WatchedCap } from './cap-message.ts';
import { FeedFault, type NoteFault, quoted } from './feed-fault.ts';
import { firstPoint, placesIn } from './item-places.ts';
import type { WatchedArea } from './watched-area.ts';

/** One item of a feed; plain text, trimmed. */
export interface WatchedItem {
  /** The source's name for it, the same each time the feed is read: CAP triplet, guid, link, or its words. */
  identity: string;
  title: string;
  summary: string;
  /** As written; may be relative or no address at all. */
  link: string | null;
  at: Date | null;
  point: { lon: number; lat: number } | null;
  /** The places that stand beside its words; those of a CAP message are in the message. */
  places: WatchedArea[];
  /** Elements that stand beside its words and change with the news: categories, how grave it is …; empty for a CAP message. */
  marks: string;
  /** The CAP message that it leads to without holding it. */
  announces: CapAnnouncement | null;
  cap: WatchedCap | null;
}

/** A feed as one format has it. */
export interface ReadFeed {
  title: string | null;
  items: WatchedItem[];
}

/** One format of feeds: a row of `READERS`. */
export interface FeedReader {
  format: string;
  /** Whether a document is of this format, by its root. */
  reads(root: XmlElement): boolean;
  /** Reads at most so many items, leniently: a part that an item lacks, or that is noted as a fault, is null. Throws FeedFault. */
  read(root: XmlElement, most: number, note: NoteFault): ReadFeed;
}

type ItemWords = Pick<WatchedItem, 'title' | 'summary' | 'link' | 'at'> & { identity: string | null };

/** An item of these words; where a whole CAP message stands in its element, the item of that message. */
export function itemOf(element: XmlElement, words: ItemWords, note: NoteFault): WatchedItem {
  const alert = [element, ...element.children].flatMap(({ children }) => children).find(isCap);
  const cap = alert && capOrFault(alert, note);
  if (cap) {
    const item = capItem(cap);
    return { ...item, link: words.link ?? item.link };
  }
  const identity = words.identity ?? `${words.title}\n${words.summary}`;
  const places = placesIn(element, note);
  const [marks, announces] = [markedIn(element), announcementIn(element, note)];
  return { ...words, identity, point: firstPoint(places), places, marks, announces, cap: null };
}

/** The message that an element holds; one that cannot be read is noted, and costs the feed no other item. */
function capOrFault(alert: XmlElement, note: NoteFault): WatchedCap | null {
  try {
    return readCap(alert, note);
  } catch (error) {
    if (!(error instanceof FeedFault)) throw error;
    note(error.message);
    return null;
  }
}

/** The item of a CAP message: its French words, or the first there are. */
export function capItem(cap: WatchedCap): WatchedItem {
  const info = cap.infos.find(({ language }) => /^fr\b/i.test(language)) ?? cap.infos[0];
  return {
    identity: `cap:${referenceOf(cap)}`,
    title: [info?.headline, info?.event, cap.identifier].map((text) => text?.trim()).find(Boolean) ?? '',
    summary: [info?.description, info?.instruction]
      .map((text) => text?.trim())
      .filter(Boolean)
      .join('\n\n'),
    link: info?.web ?? null,
    at: readDate(cap.sent),
    point: null,
    places: [],
    marks: '',
    announces: null,
    cap,
  };
}

const MOST_CHARACTERS = 20_000;
const withoutHtml = compile({
  wordwrap: false,
  limits: { maxDepth: 20 },
  selectors: [
    { selector: 'a', options: { ignoreHref: true } },
    { selector: 'img', format: 'skip' },
  ],
});

/** Text without its HTML: feeds put tags, and tags that were escaped twice, into elements of text. */
export const withoutTags = (text: string | null): string =>
  text === null ? '' : withoutHtml(text.slice(0, MOST_CHARACTERS)).trim();

/** The first of some dates that can be read; null where none can, which is noted where one was given. */
export function dateOf(texts: readonly (string | null)[], note: NoteFault): Date | null {
  const given = texts.filter((text) => text !== null);
  const [first] = given;
  for (const text of given) {
    const at = readDate(text);
    if (at) return at;
  }
  if (first !== undefined) note(`date illisible : ${quoted(first)}`);
  return null;
}
