import type { FastifyInstance } from 'fastify';
import { matchesChange } from '../../board/filter/change-filter.rules.ts';
import type { PublicReads } from '../../board/public-reads.ts';
import { instant } from '../../clock.ts';
import { csv } from '../../formats/csv.ts';
import type { FeedHead, FeedItem } from '../../formats/feeds/feed-item.ts';
import { jsonFeed } from '../../formats/feeds/json-feed.ts';
import { rss } from '../../formats/feeds/rss.ts';
import { PUBLISHER } from '../../publications/content/content.ts';
import type { PublicDocument } from '../../publications/document.ts';
import { newsAt } from '../../publications/news.rules.ts';
import { answerConditionally } from '../feeds/conditional.ts';
import { type FeedFilter, readFeedFilter } from '../feeds/feed-filter.ts';
import type { Renderings } from '../feeds/rendered.ts';
import { NETWORKS, type SocialNetwork } from './fitting/networks.ts';
import type { Post } from './posts/post.rules.ts';
import { postAbout } from './posts/posts.ts';

type Write = (head: FeedHead, items: readonly FeedItem[]) => string;

/** Schedulers' sheets: the text as it is sent, and the permalink that it holds. */
const sheet: Write = (_head, items) =>
  csv(
    ['date', 'message', 'link'],
    items.map(({ published, text, url }) => ({ date: published, message: text, link: url })),
  );

const FORMATS: readonly { ending: string; mediaType: string; write: Write }[] = [
  { ending: 'rss', mediaType: 'application/rss+xml; charset=utf-8', write: rss },
  { ending: 'json', mediaType: 'application/feed+json; charset=utf-8', write: jsonFeed },
  { ending: 'csv', mediaType: 'text/csv; charset=utf-8; header=present', write: sheet },
];

// Short: schedulers poll, and an alert should not wait for them.
const CACHE_CONTROL = 'public, max-age=30, stale-if-error=86400';

/** `/feeds/social/{network}.rss`, `.json` and `.csv`: the posts of one network, ready to be sent, the newest news first. */
export function mountPostFeeds(server: FastifyInstance, reads: PublicReads, renderings: Renderings): void {
  for (const network of NETWORKS)
    for (const { ending, mediaType, write } of FORMATS) {
      const path = `/feeds/social/${network.toLowerCase()}.${ending}`;
      server.get(path, async (request, reply) => {
        const filter = readFeedFilter(request.query, reads.territory);
        const head = headOf(reads, network, `${path}${filter.query}`, filter.language);
        const found = renderings.get(head.selfUrl, () => write(head, itemsOf(reads, network, filter)));
        return answerConditionally(request, reply, { ...found, mediaType, cacheControl: CACHE_CONTROL });
      });
    }
}

const headOf = ({ publicUrl }: PublicReads, network: SocialNetwork, path: string, language: string): FeedHead => ({
  title: `Informations publiques en Essonne, pour ${NAMES[network]}`,
  description: 'Ce qui est public, prêt à publier : texte à la longueur du réseau, lien, image.',
  homeUrl: `${publicUrl}/`,
  selfUrl: `${publicUrl}${path}`,
  language,
  author: PUBLISHER,
});

const NAMES: Readonly<Record<SocialNetwork, string>> = {
  X: 'X',
  MASTODON: 'Mastodon',
  BLUESKY: 'Bluesky',
  THREADS: 'Threads',
  FACEBOOK: 'Facebook',
  INSTAGRAM: 'Instagram',
  LINKEDIN: 'LinkedIn',
  TELEGRAM: 'Telegram',
  SMS: 'les SMS',
};

function itemsOf(reads: PublicReads, network: SocialNetwork, { match, language }: FeedFilter): FeedItem[] {
  const { board } = reads;
  // What ran out by the clock is no news; what people ended is, for as long as the board holds it.
  const isNews = (document: PublicDocument) =>
    document.cancelled || document.allClear || !['ENDED', 'CANCELLED'].includes(board.state(document));
  // Moments are told to the second: of two in one, the journal's later one is the newer.
  return [...board.all()]
    .filter(({ document }) => matchesChange(match, document) && isNews(document))
    .sort((a, b) => instant(newsAt(b.document)) - instant(newsAt(a.document)) || b.position - a.position)
    .map(({ document }) => itemOf(postAbout(reads, document, network, language)));
}

function itemOf({ document, url, text, imageUrl, imageAlt, language }: Post): FeedItem {
  const told = newsAt(document);
  return {
    id: url,
    url,
    // Readers that list titles see what it is and how grave; those that send posts take the text.
    title: text.split('\n')[0] ?? '',
    text,
    html: null,
    published: told,
    updated: told,
    image: imageUrl && imageAlt ? { url: imageUrl, mediaType: 'image/png', alt: imageAlt } : null,
    tags: [...(text.split('\n').at(-1) ?? '').matchAll(/#([\p{L}\p{N}]+)/gu)].map(([, tag = '']) => tag),
    language,
  };
}
