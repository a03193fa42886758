import type { FeedHead, FeedItem } from './feed-item.ts';

/**
 * A feed as JSON Feed 1.1, of items in the order given; valid without any. Programs read an item's facts in its extension
 * `_tocsin`, whose words the schema describes: a browser shows them in the explorer.
 */
export function jsonFeed(head: FeedHead, items: readonly FeedItem[]): string {
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: head.title,
    home_page_url: head.homeUrl,
    feed_url: head.selfUrl,
    description: head.description,
    language: head.language,
    authors: [{ name: head.author }],
    items: items.map((item) => ({
      id: item.id,
      url: item.url,
      title: item.title,
      content_text: item.text,
      ...(item.html === null ? {} : { content_html: item.html }),
      ...(item.image ? { image: item.image.url } : {}),
      date_published: item.published,
      date_modified: item.updated,
      tags: item.tags,
      language: item.language,
      ...(item.author === null ? {} : { authors: [{ name: item.author }] }),
      _tocsin: { about: `${head.homeUrl}graphql`, ...item.facts },
    })),
  });
}
