import type { EntityManager } from '@mikro-orm/postgresql';
import { type CommuneFinder, type Match, matchOf } from '../matching.rules.ts';
import type { WatchedFeed } from '../reading/feed.ts';
import type { WatchedItem } from '../reading/watched-item.ts';
import { referredKeys } from '../references.rules.ts';
import { FeedOrigin, type WatcherRow } from '../watcher.entity.ts';
import { undatedAtFirst } from './first-reading.commands.ts';
import { isCurrent, isReal } from './standing.rules.ts';
import { keyOf } from './take-item.ts';

interface Keyed {
  item: WatchedItem;
  key: string;
  /** The keys of the messages that it refers to. */
  refers: readonly string[];
}

/**
 * The items of a feed that are not reported yet, the newest first: those that are current and wanted, and every message that
 * refers to one that was taken or is taken now, whatever the watcher wants and however old it is.
 */
export async function newsOf(
  em: EntityManager,
  watcher: WatcherRow,
  feed: WatchedFeed,
  { territory, now }: { territory: CommuneFinder; now: Date },
): Promise<(Match & { item: WatchedItem })[]> {
  const keyed = feed.items.map((item): Keyed => {
    return { item, key: keyOf(item, watcher.url), refers: item.cap ? referredKeys(item.cap) : [] };
  });
  const undated = keyed.filter(({ item }) => item.at === null).map(({ key }) => key);
  const passed = await undatedAtFirst(em, watcher, { undated, now });
  const known = await em.find(
    FeedOrigin,
    { key: { $in: keyed.flatMap(({ key, refers }) => [key, ...refers]) } },
    { fields: ['key'] },
  );
  const taken = new Set(known.map(({ key }) => key));
  const open = keyed
    .filter(({ item, key }) => isReal(item) && !taken.has(key) && !passed.has(key))
    .sort((a, b) => timeOf(a) - timeOf(b));
  const news = open.flatMap((one) => {
    const match = matchOf(one.item, watcher, territory);
    const isWanted = match !== null && isCurrent(one.item, now);
    if (!isWanted && !one.refers.some((key) => taken.has(key))) return [];
    taken.add(one.key);
    return [{ item: one.item, commune: match?.commune ?? null }];
  });
  return news.reverse();
}

const timeOf = ({ item }: Keyed): number => item.at?.getTime() ?? 0;
