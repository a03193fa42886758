import { instant, parisTime } from '../../clock.ts';
import { element, serializeAround, serializePart, type XmlNode } from '../../xml/write.ts';
import { keptParts } from '../kept-parts.ts';
import type { FeedHead, FeedImage, FeedItem } from './feed-item.ts';

const NAMESPACES = {
  version: '2.0',
  'xmlns:atom': 'http://www.w3.org/2005/Atom',
  'xmlns:dc': 'http://purl.org/dc/elements/1.1/',
  'xmlns:media': 'http://search.yahoo.com/mrss/',
};

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A moment in RFC 822, as RSS wants it, with the Paris offset: "Thu, 02 Jun 2016 14:00:00 +0200". */
export function rfc822(moment: string): string {
  const paris = parisTime(new Date(moment));
  const [date = '', rest = ''] = paris.split('T');
  const [year, month = '', day] = date.split('-');
  const weekday = DAYS[new Date(`${date}T00:00:00Z`).getUTCDay()];
  return `${weekday}, ${day} ${MONTHS[Number(month) - 1]} ${year} ${rest.slice(0, 8)} ${rest.slice(8).replace(':', '')}`;
}

/** An RSS 2.0 feed of items in the order given, which is the newest first by custom; valid without any. */
export function rss(head: FeedHead, items: readonly FeedItem[]): string {
  const newest = items.map(({ updated }) => updated).reduce((a, b) => (instant(a) >= instant(b) ? a : b), '');
  return serializeAround(
    element(
      'rss',
      NAMESPACES,
      element(
        'channel',
        null,
        element('title', null, head.title),
        element('link', null, head.homeUrl),
        element('description', null, head.description),
        element('language', null, head.language),
        newest === '' ? undefined : element('lastBuildDate', null, rfc822(newest)),
        element('generator', null, 'Tocsin'),
        element('atom:link', { href: head.selfUrl, rel: 'self', type: 'application/rss+xml' }),
      ),
    ),
    '</channel></rss>',
    items.map((item) => written(item, head.author, () => serializePart(itemElement(head, item)))),
  );
}

/** Items are immutable; those of publications are the same for as long as they hold. */
const written = keptParts<FeedItem, string>();

function itemElement({ author }: FeedHead, item: FeedItem): XmlNode {
  return element(
    'item',
    null,
    element('title', null, item.title),
    element('link', null, item.url),
    element('guid', { isPermaLink: item.id === item.url ? 'true' : 'false' }, item.id),
    element('pubDate', null, rfc822(item.published)),
    element('dc:creator', null, item.author ?? author),
    ...item.contributors.map((name) => element('dc:contributor', null, name)),
    element('dc:language', null, item.language),
    ...item.tags.map((tag) => element('category', null, tag)),
    element('description', null, item.html ?? item.text),
    item.image ? imageElement(item.image) : undefined,
  );
}

const imageElement = ({ url, mediaType, alt }: FeedImage): XmlNode =>
  element(
    'media:content',
    { url, type: mediaType, medium: 'image' },
    element('media:description', { type: 'plain' }, alt),
  );
