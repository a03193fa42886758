import { compile } from 'html-to-text';
import { decodeXml } from '../../xml/decode.ts';
import { readTree, XML_LIMITS } from '../../xml/read-tree.ts';
import { childrenOf, trimmedText, type XmlElement } from '../../xml/tree.ts';
import { XmlFault } from '../../xml/xml-fault.ts';
import { isCap, positionOf, readCap, referenceOf, type WatchedCap } from './cap-message.ts';
import { FeedFault } from './feed-fault.ts';

/** One thing that a feed tells; plain text, trimmed. */
export interface WatchedItem {
  /** What the source calls it, the same each time the feed is read: CAP triplet, guid, link, or a digest of its words. */
  identity: string;
  title: string;
  summary: string;
  /** As written; may be relative or no address at all. */
  link: string | null;
  at: Date | null;
  point: { lon: number; lat: number } | null;
  cap: WatchedCap | null;
}

export interface WatchedFeed {
  format: 'RSS' | 'ATOM' | 'CAP';
  title: string | null;
  items: WatchedItem[];
}

const ATOM = 'http://www.w3.org/2005/Atom';
const GEORSS = 'http://www.georss.org/georss';
const DUBLIN_CORE = 'http://purl.org/dc/elements/1.1/';
const MOST_CHARACTERS = 20_000;
/** Feeds put what is new first. Reading is not to hold up the hub, however long a feed is. */
const MOST_ITEMS = 300;
const withoutHtml = compile({
  wordwrap: false,
  limits: { maxDepth: 20 },
  selectors: [
    { selector: 'a', options: { ignoreHref: true } },
    { selector: 'img', format: 'skip' },
  ],
});

/**
 * Reads RSS 2.0 (and 0.9x, 1.0), Atom 1.0, or a single CAP message of any version, leniently: a part that an item lacks is
 * null, and the reader passes over unknown elements and over all items after the first 300. Throws FeedFault for a document
 * that is none of these, is not well formed, or is too big.
 */
export function readFeed(bytes: Uint8Array, mediaType = ''): WatchedFeed {
  if (bytes.length > XML_LIMITS.bytes) throw new FeedFault(`plus de ${XML_LIMITS.bytes} octets`);
  const root = rootOf(bytes, mediaType);
  if (root.name === 'alert') {
    const item = capItem(readCap(root));
    return { format: 'CAP', title: item.cap?.infos[0]?.senderName ?? null, items: [item] };
  }
  if (root.name === 'rss' || root.name === 'RDF') return readRss(root);
  if (root.name === 'feed' && root.uri === ATOM)
    return {
      format: 'ATOM',
      title: trimmedText(root, 'title', ATOM),
      items: firstOf(childrenOf(root, 'entry', ATOM)).map(atomItem),
    };
  throw new FeedFault(`ni RSS, ni Atom, ni CAP : <${root.name.slice(0, 60)}>`);
}

function rootOf(bytes: Uint8Array, mediaType: string): XmlElement {
  try {
    return readTree(decodeXml(bytes, mediaType));
  } catch (error) {
    throw error instanceof XmlFault ? new FeedFault(error.message) : error;
  }
}

const firstOf = (items: readonly XmlElement[]): readonly XmlElement[] => items.slice(0, MOST_ITEMS);

function readRss(root: XmlElement): WatchedFeed {
  const [channel] = childrenOf(root, 'channel');
  if (!channel) throw new FeedFault('un fil RSS sans <channel>');
  // RSS 1.0 puts its items beside the channel.
  const items = [...childrenOf(channel, 'item'), ...childrenOf(root, 'item')];
  return { format: 'RSS', title: trimmedText(channel, 'title'), items: firstOf(items).map(rssItem) };
}

function rssItem(item: XmlElement): WatchedItem {
  const own = ['', item.uri];
  const title = plain(trimmedText(item, 'title', ...own));
  const summary = plain(trimmedText(item, 'description', ...own) ?? trimmedText(item, 'encoded'));
  const link = trimmedText(item, 'link', ...own);
  const identity = trimmedText(item, 'guid', ...own) ?? link;
  const at = moment(trimmedText(item, 'pubDate', ...own) ?? trimmedText(item, 'date', DUBLIN_CORE));
  return withCap(item, { identity, title, summary, link, at });
}

function atomItem(entry: XmlElement): WatchedItem {
  const title = plain(trimmedText(entry, 'title', ATOM));
  const summary = plain(trimmedText(entry, 'summary', ATOM) ?? trimmedText(entry, 'content', ATOM));
  const links = childrenOf(entry, 'link', ATOM).map(({ attributes }) => attributes);
  const link = (links.find(({ rel }) => !rel || rel === 'alternate') ?? links[0])?.href?.trim() || null;
  const at = moment(trimmedText(entry, 'updated', ATOM) ?? trimmedText(entry, 'published', ATOM));
  return withCap(entry, { identity: trimmedText(entry, 'id', ATOM) ?? link, title, summary, link, at });
}

type Told = Pick<WatchedItem, 'title' | 'summary' | 'link' | 'at'> & { identity: string | null };

/** An item; where a whole CAP message stands in it, what that says. */
function withCap(element: XmlElement, told: Told): WatchedItem {
  const alert = [element, ...element.children].flatMap(({ children }) => children).find(isCap);
  if (alert) {
    const item = capItem(readCap(alert));
    return { ...item, link: told.link ?? item.link };
  }
  return { ...told, identity: told.identity ?? `${told.title}\n${told.summary}`, point: pointOf(element), cap: null };
}

function capItem(cap: WatchedCap): WatchedItem {
  const info = cap.infos.find(({ language }) => /^fr\b/i.test(language)) ?? cap.infos[0];
  return {
    identity: `cap:${referenceOf(cap)}`,
    title: [info?.headline, info?.event, cap.identifier].map((text) => text?.trim()).find(Boolean) ?? '',
    summary: [info?.description, info?.instruction]
      .map((text) => text?.trim())
      .filter(Boolean)
      .join('\n\n'),
    link: info?.web ?? null,
    at: moment(cap.sent),
    point: null,
    cap,
  };
}

/** Text without its HTML: what feeds call text holds tags, and twice escaped ones. */
const plain = (text: string | null): string =>
  text === null ? '' : withoutHtml(text.slice(0, MOST_CHARACTERS)).trim();

/** A moment of RFC 822 or RFC 3339, or null for what is none. */
function moment(text: string | null): Date | null {
  const at = new Date(text ?? Number.NaN);
  return Number.isNaN(at.getTime()) ? null : at;
}

function pointOf(element: XmlElement): WatchedItem['point'] {
  const position = positionOf((trimmedText(element, 'point', GEORSS) ?? '').split(/[\s,]+/).join(','));
  return position && { lon: position[0], lat: position[1] };
}
