import type { FastifyInstance } from 'fastify';
import type { PublicReads } from '../../board/public-reads.ts';
import { instant } from '../../clock.ts';
import type { FeedHead, FeedItem } from '../../formats/feeds/feed-item.ts';
import { jsonFeed } from '../../formats/feeds/json-feed.ts';
import { publicationItem } from '../../formats/feeds/publication-item.ts';
import { rss } from '../../formats/feeds/rss.ts';
import { PUBLISHER } from '../../publications/content/content.ts';
import { newsAt } from '../../publications/news.rules.ts';
import { answerConditionally } from './conditional.ts';
import { type FeedFilter, readFeedFilter } from './feed-filter.ts';
import type { Renderings } from './rendered.ts';
import { CACHE_CONTROL, cardsFor } from './selection.ts';

const FORMATS = [
  { path: '/feeds/publications.rss', mediaType: 'application/rss+xml; charset=utf-8', write: rss },
  { path: '/feeds/publications.json', mediaType: 'application/feed+json; charset=utf-8', write: jsonFeed },
] as const;

/** RSS and JSON Feed of every publication: what is live, and how what people ended within the last day came to its end. */
export function mountPublicationFeeds(server: FastifyInstance, reads: PublicReads, renderings: Renderings): void {
  for (const { path, mediaType, write } of FORMATS)
    server.get(path, async (request, reply) => {
      const filter = readFeedFilter(request.query, reads.territory);
      const head = headOf(reads, `${path}${filter.query}`, filter.language);
      const found = renderings.get(head.selfUrl, () => write(head, itemsOf(reads, filter)));
      return answerConditionally(request, reply, { ...found, mediaType, cacheControl: CACHE_CONTROL });
    });
}

const headOf = ({ publicUrl }: PublicReads, path: string, language: string): FeedHead => ({
  title: 'Informations publiques en Essonne',
  description: 'Alertes, conseils, événements, routes fermées et rumeurs vérifiées, validés par le Département.',
  homeUrl: `${publicUrl}/`,
  selfUrl: `${publicUrl}${path}`,
  language,
  author: PUBLISHER,
});

const itemsOf = (reads: PublicReads, filter: FeedFilter): FeedItem[] =>
  cardsFor(reads, filter, 'and what people ended')
    .sort((a, b) => instant(newsAt(b.document)) - instant(newsAt(a.document)) || b.position - a.position)
    .map(({ document }) => publicationItem(document, { ...reads, language: filter.language }));
