import type { Board, Card } from '../../board/board.ts';
import { wasShortened } from '../../board/departure.ts';
import { type ChangeMatch, matchesChange } from '../../board/filter/change-filter.rules.ts';
import { departedFrom } from '../../board/filter/departed.rules.ts';
import { instant, parisTime } from '../../clock.ts';
import { type AtomHead, capAtom, isListed } from '../../formats/cap/atom.ts';
import { type AlertDocument, currentMessage } from '../../publications/alert/alert.content.ts';
import { PUBLISHER } from '../../publications/content/content.ts';
import { kindOf } from '../../publications/kinds.ts';
import type { FeedRequest } from './feed.ts';

/**
 * The newest CAP message of each alert as an Atom feed for aggregators: of every alert that is live, and of one that ended,
 * until that message expires. An Update that takes an alert away from the feed's place or gravity, or ends it early, stands
 * there itself for a day. The newest message comes first; of two in one second the journal's later one is the newer.
 */
export function alertsFeed({ reads: { board, publicUrl }, filter: { match, language }, selfUrl }: FeedRequest): string {
  const cards = [...board.all()]
    .sort((a, b) => b.position - a.position)
    .filter(({ brief }) => kindOf(brief.kind).capAlert);
  const news = new Set(cards.filter((card) => isNews(board, match, card)).map(({ id }) => id));
  const alerts = cards
    .filter(({ id, brief }) => news.has(id) || matchesChange(match, brief))
    .flatMap(({ document }) => kindOf(document.kind).capAlert?.(document) ?? []);
  const listed = alerts
    .filter((alert) => news.has(alert.id) || isListed(alert, board.now))
    .sort((a, b) => sentAt(b) - sentAt(a));
  const head: AtomHead = {
    title: 'Alertes en Essonne',
    author: PUBLISHER,
    selfUrl,
    homeUrl: `${publicUrl}/`,
    language,
    updated: parisTime(new Date(changedAt(alerts, board.now))),
  };
  return capAtom(head, listed, publicUrl);
}

/** Whether a revision of the last day took an alert away from what the feed is asked for, or brought its end forward. */
const isNews = (board: Board, match: ChangeMatch, card: Card): boolean =>
  matchesChange(match, card.brief)
    ? wasShortened(card.departures, card.brief, board.now)
    : departedFrom(match, card, board.now) !== undefined;

const sentAt = (alert: AlertDocument): number => instant(currentMessage(alert)?.sent ?? alert.publishedAt);

/** The time of the feed's last change: a message was sent, or one expired. 1970 where there was never a message. */
const changedAt = (alerts: readonly AlertDocument[], now: number): number =>
  Math.max(
    0,
    ...alerts
      .flatMap((alert) => [sentAt(alert), instant(currentMessage(alert)?.expires ?? '')])
      .filter((at) => at <= now),
  );
