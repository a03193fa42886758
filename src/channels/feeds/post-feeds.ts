import type { PublicReads } from '../../board/public-reads.ts';
import { csv } from '../../formats/csv.ts';
import { feedFacts } from '../../formats/feeds/feed-facts.ts';
import type { FeedHead, FeedItem } from '../../formats/feeds/feed-item.ts';
import { jsonFeed } from '../../formats/feeds/json-feed.ts';
import { creditsOf } from '../../formats/feeds/publication-item.ts';
import { rss } from '../../formats/feeds/rss.ts';
import { PUBLISHER } from '../../publications/content/content.ts';
import type { Departed } from '../../publications/ending/departed.rules.ts';
import { changedAt, newsAt } from '../../publications/news.rules.ts';
import { NETWORK_ROWS, NETWORKS, type SocialNetwork } from '../social/fitting/networks.ts';
import type { Post } from '../social/posts/post.rules.ts';
import { postAbout } from '../social/posts/posts.ts';
import type { Feed } from './feed.ts';
import { newestNews } from './feed-documents.ts';
import { FEED_PARAMETERS } from './feed-filter.ts';

/** A scheduler's sheet: each post's text as it is sent, and the permalink that it holds. */
const sheet = (_head: FeedHead, items: readonly FeedItem[]): string =>
  csv(
    ['date', 'message', 'link'],
    items.map(({ published, text, url }) => ({ date: published, message: text, link: url })),
  );

const FORMATS = [
  { ending: 'rss', mediaType: 'application/rss+xml; charset=utf-8', write: rss },
  { ending: 'json', mediaType: 'application/feed+json; charset=utf-8', write: jsonFeed },
  { ending: 'csv', mediaType: 'text/csv; charset=utf-8; header=present', write: sheet },
];

/** `/feeds/social/{network}.rss`, `.json` and `.csv`: the posts of one network, ready to be sent, the newest news first. */
export const postFeeds: readonly Feed[] = NETWORKS.flatMap((network) =>
  FORMATS.map(({ ending, mediaType, write }) => ({
    path: `/feeds/social/${network.toLowerCase()}.${ending}`,
    mediaType,
    parameters: FEED_PARAMETERS,
    write: ({ reads, filter, selfUrl }) =>
      write(
        headOf(reads, network, selfUrl, filter.language),
        newestNews(reads, filter).map(({ document, departed }) =>
          itemOf(postAbout(reads, document, network, [filter.language], departed), reads.board.now, departed),
        ),
      ),
  })),
);

const headOf = ({ publicUrl }: PublicReads, network: SocialNetwork, selfUrl: string, language: string): FeedHead => ({
  title: `Informations publiques en Essonne, pour ${NETWORK_ROWS[network].title}`,
  description: 'Ce qui est public, prêt à publier : texte à la longueur du réseau, lien, image.',
  homeUrl: `${publicUrl}/`,
  selfUrl,
  language,
  author: PUBLISHER,
});

function itemOf(
  { document, url, text, imageUrl, imageAlt, language }: Post,
  now: number,
  departed: Departed | undefined,
): FeedItem {
  return {
    id: url,
    url,
    // Readers that list titles show what it is and how grave; those that send posts take the text.
    title: text.split('\n')[0] ?? '',
    text,
    html: null,
    published: newsAt(document, departed),
    updated: changedAt(document, departed),
    image: imageUrl && imageAlt ? { url: imageUrl, mediaType: 'image/png', alt: imageAlt } : null,
    tags: [...(text.split('\n').at(-1) ?? '').matchAll(/#([\p{L}\p{N}]+)/gu)].map(([, tag = '']) => tag),
    language,
    ...creditsOf(document),
    facts: feedFacts(document, now, departed),
  };
}
