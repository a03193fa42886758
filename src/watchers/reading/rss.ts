import { childrenOf, trimmedText, type XmlElement } from '../../xml/tree.ts';
import { ATOM } from './atom.ts';
import { FeedFault, type NoteFault } from './feed-fault.ts';
import { dateOf, type FeedReader, itemOf, type WatchedItem, withoutTags } from './watched-item.ts';

const DUBLIN_CORE_TERMS = 'http://purl.org/dc/terms/';
/** Dates that other vocabularies have for an item. */
const DATES = [
  ['date', 'http://purl.org/dc/elements/1.1/'],
  ['modified', DUBLIN_CORE_TERMS],
  ['issued', DUBLIN_CORE_TERMS],
  ['created', DUBLIN_CORE_TERMS],
  ['updated', ATOM],
  ['published', ATOM],
] as const;

/** RSS 2.0, 0.9x and 1.0. */
export const rssReader: FeedReader = {
  format: 'RSS',
  reads: ({ name }) => name === 'rss' || name === 'RDF',
  read(root, most, note) {
    const [channel] = childrenOf(root, 'channel');
    if (!channel) throw new FeedFault('un fil RSS sans <channel>');
    // RSS 1.0 puts its items beside the channel.
    const items = [...childrenOf(channel, 'item'), ...childrenOf(root, 'item')];
    return { title: trimmedText(channel, 'title'), items: items.slice(0, most).map((item) => rssItem(item, note)) };
  },
};

function rssItem(item: XmlElement, note: NoteFault): WatchedItem {
  const own = ['', item.uri];
  const title = withoutTags(trimmedText(item, 'title', ...own));
  const summary = withoutTags(trimmedText(item, 'description', ...own) ?? trimmedText(item, 'encoded'));
  const link = trimmedText(item, 'link', ...own);
  const identity = trimmedText(item, 'guid', ...own) ?? link;
  const at = dateOf(
    [trimmedText(item, 'pubDate', ...own), ...DATES.map(([name, uri]) => trimmedText(item, name, uri))],
    note,
  );
  return itemOf(item, { identity, title, summary, link, at }, note);
}
