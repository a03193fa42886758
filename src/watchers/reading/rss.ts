import { childrenOf, trimmedText, type XmlElement } from '../../xml/tree.ts';
import { FeedFault } from './feed-fault.ts';
import { dateOf, type FeedReader, itemOf, type WatchedItem, withoutTags } from './watched-item.ts';

const DUBLIN_CORE = 'http://purl.org/dc/elements/1.1/';

/** RSS 2.0, 0.9x and 1.0. */
export const rssReader: FeedReader = {
  format: 'RSS',
  reads: ({ name }) => name === 'rss' || name === 'RDF',
  read(root, most) {
    const [channel] = childrenOf(root, 'channel');
    if (!channel) throw new FeedFault('un fil RSS sans <channel>');
    // RSS 1.0 puts its items beside the channel.
    const items = [...childrenOf(channel, 'item'), ...childrenOf(root, 'item')];
    return { title: trimmedText(channel, 'title'), items: items.slice(0, most).map(rssItem) };
  },
};

function rssItem(item: XmlElement): WatchedItem {
  const own = ['', item.uri];
  const title = withoutTags(trimmedText(item, 'title', ...own));
  const summary = withoutTags(trimmedText(item, 'description', ...own) ?? trimmedText(item, 'encoded'));
  const link = trimmedText(item, 'link', ...own);
  const identity = trimmedText(item, 'guid', ...own) ?? link;
  const at = dateOf(trimmedText(item, 'pubDate', ...own) ?? trimmedText(item, 'date', DUBLIN_CORE));
  return itemOf(item, { identity, title, summary, link, at });
}
