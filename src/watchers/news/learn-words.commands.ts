import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../../database/sql-in.ts';
import type { WatchedItem } from '../reading/watched-item.ts';
import type { KnownState } from './known.queries.ts';
import { type ItemNames, publisherOf } from './names.rules.ts';

/**
 * Things that were reported before states were known get the words that stand in their feed now, so that what the feed says later
 * is news, and what it says today is not. Of several items under one name the one of the same date was reported, or the earliest.
 */
export async function learnWords(
  em: EntityManager,
  feedUrl: string,
  items: readonly { item: WatchedItem; names: ItemNames }[],
  told: readonly KnownState[],
): Promise<KnownState[]> {
  const byName = Map.groupBy(
    items.filter(({ item }) => item.cap === null),
    ({ names }) => names.former,
  );
  const learnt = told.flatMap((state) => {
    if (!state.isFormer || state.words !== null || publisherOf(state.feedUrl) !== publisherOf(feedUrl)) return [];
    const those = byName.get(state.name) ?? [];
    const one = those.find(({ item }) => item.at?.getTime() === state.publishedAt?.getTime()) ?? earliestOf(those);
    return one ? [{ key: state.key, words: one.names.words }] : [];
  });
  if (learnt.length === 0) return [...told];
  await sqlIn(em)(
    `update feed_origin o set words = l.words from jsonb_to_recordset(?::jsonb) as l(key text, words text)
     where o.key = l.key and o.words is null`,
    [JSON.stringify(learnt)],
  );
  const words = new Map(learnt.map((one) => [one.key, one.words]));
  return told.map((state) => ({ ...state, words: state.words ?? words.get(state.key) ?? null }));
}

const earliestOf = <T extends { item: WatchedItem }>(items: readonly T[]): T | undefined =>
  items.toSorted((a, b) => (a.item.at?.getTime() ?? 0) - (b.item.at?.getTime() ?? 0))[0];
