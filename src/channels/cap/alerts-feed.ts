import type { FastifyInstance } from 'fastify';
import { matchesChange } from '../../board/filter/change-filter.rules.ts';
import type { PublicReads } from '../../board/public-reads.ts';
import { instant, parisTime } from '../../clock.ts';
import { type AtomHead, capAtom, isTold } from '../../formats/cap/atom.ts';
import { PUBLISHER } from '../../publications/content/content.ts';
import { type AlertDocument, currentMessage } from '../../publications/document.ts';
import { answerConditionally } from '../feeds/conditional.ts';
import { type FeedFilter, readFeedFilter } from '../feeds/feed-filter.ts';
import type { Renderings } from '../feeds/rendered.ts';

const PATH = '/feeds/alerts.atom';
/** Aggregators ask every minute or so; while the hub cannot be reached the last answer is better than none. */
const CACHE_CONTROL = 'public, max-age=30, stale-if-error=86400';

/**
 * The CAP messages that are told now as an Atom feed for aggregators: `?commune=&severity=&language=&mode=`. Every alert that
 * is live is there, and how one ended, until that message expires.
 */
export function mountAlertsFeed(server: FastifyInstance, reads: PublicReads, renderings: Renderings): void {
  server.get(PATH, async (request, reply) => {
    const filter = readFeedFilter(request.query, reads.territory, ['commune', 'severity', 'language', 'mode']);
    const selfUrl = `${reads.publicUrl}${PATH}${filter.query}`;
    const found = renderings.get(selfUrl, () => atomOf(reads, filter, selfUrl));
    return answerConditionally(request, reply, {
      ...found,
      mediaType: 'application/atom+xml; charset=utf-8',
      cacheControl: CACHE_CONTROL,
    });
  });
}

function atomOf({ board, publicUrl }: PublicReads, { match, language }: FeedFilter, selfUrl: string): string {
  const alerts = [...board.all()].flatMap(({ document }) =>
    document.kind === 'ALERT' && matchesChange(match, document) ? [document] : [],
  );
  const told = alerts
    .filter((alert) => isTold(alert, board.now))
    .sort((a, b) => sentAt(b) - sentAt(a) || (a.id < b.id ? 1 : -1));
  const head: AtomHead = {
    title: 'Alertes en Essonne',
    author: PUBLISHER,
    selfUrl,
    homeUrl: `${publicUrl}/`,
    language,
    updated: parisTime(new Date(changedAt(alerts, board.now))),
  };
  return capAtom(head, told, publicUrl);
}

const sentAt = (alert: AlertDocument): number => instant(currentMessage(alert)?.sent ?? alert.publishedAt);

/** When the feed last came to say what it says: a message was sent, or one expired. 1970 where nothing was ever told. */
const changedAt = (alerts: readonly AlertDocument[], now: number): number =>
  Math.max(
    0,
    ...alerts
      .flatMap((alert) => [sentAt(alert), instant(currentMessage(alert)?.expires ?? '')])
      .filter((at) => at <= now),
  );
