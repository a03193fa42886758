import type { EntityManager } from '@mikro-orm/postgresql';
import { type CommuneFinder, type Match, matchOf } from '../matching.rules.ts';
import type { WatchedFeed } from '../reading/feed.ts';
import type { WatchedItem } from '../reading/watched-item.ts';
import { referredKeys } from '../references.rules.ts';
import type { WatcherRow } from '../watcher.entity.ts';
import { passedAtFirst } from './first-reading.commands.ts';
import { type KnownState, knownStates } from './known.queries.ts';
import { learnWords } from './learn-words.commands.ts';
import { type ItemNames, namesOf } from './names.rules.ts';
import { type Novelty, noveltyOf } from './novelty.rules.ts';
import { isCurrent, isReal } from './standing.rules.ts';

interface NamedItem {
  item: WatchedItem;
  names: ItemNames;
  /** The names of the messages that it refers to. */
  refers: readonly string[];
}

/** An item to report. */
export interface NewsItem extends Match {
  item: WatchedItem;
  names: ItemNames;
  novelty: Novelty;
  /** The reports that were made of the thing before. */
  number: number;
  /** Whether the watcher wants what it says, not only what it changes. */
  isWanted: boolean;
}

/**
 * The items of a feed that are not reported yet, the newest first: those that are current and wanted; and, whatever the watcher
 * wants and however old it is, every message that refers to one that was taken or is taken now, and the next state of a thing
 * that was wanted. `keywords` are wanted beside those of the watcher.
 */
export async function newsOf(
  em: EntityManager,
  watcher: WatcherRow,
  feed: WatchedFeed,
  { territory, now, keywords: more }: { territory: CommuneFinder; now: Date; keywords: readonly string[] },
): Promise<NewsItem[]> {
  const names = namesOf(feed.items, watcher.url);
  const items = feed.items.flatMap((item, index): NamedItem[] => {
    const its = names[index];
    return its ? [{ item, names: its, refers: item.cap ? referredKeys(item.cap) : [] }] : [];
  });
  const isPassed = await passedAtFirst(em, watcher, { items, now });
  const wanted = items.flatMap((one) => [one.names.thing, one.names.former, ...one.refers]);
  const known = await learnWords(em, watcher.url, items, await knownStates(em, wanted));
  const told = new Map(Map.groupBy(known, ({ name }) => name));
  // A watcher without words of its own takes everything.
  const keywords = watcher.keywords.length > 0 ? [...watcher.keywords, ...more] : [];
  const bearer = { feedUrl: watcher.url, trustedSenders: watcher.trustedSenders };
  const open = items.filter((one) => isReal(one.item)).sort((a, b) => timeOf(a) - timeOf(b));
  const news = open.flatMap((one): NewsItem[] => {
    const { thing, former } = one.names;
    const before = [...(thing === former ? [] : (told.get(former) ?? [])), ...(told.get(thing) ?? [])];
    const identifies = !one.names.standsTwice && !before.some(({ standsTwice }) => standsTwice);
    const novelty = isPassed(one, identifies) ? null : noveltyOf(one.item, one.names, before, bearer);
    if (!novelty) return [];
    const match = matchOf(one.item, { keywords, communes: watcher.communes }, territory);
    const isWanted = match !== null && isCurrent(one.item, now);
    const refersToTaken = one.refers.some((name) => told.has(name));
    if (!isWanted && !refersToTaken && !isDue(one, novelty, now)) return [];
    told.set(thing, [...(told.get(thing) ?? []), toldNow(one, { watcher, novelty, isWanted, now })]);
    return [{ ...one, novelty, number: before.length, isWanted, commune: match?.commune ?? null }];
  });
  return news.reverse();
}

/** Whether an item that the watcher does not want is news all the same. A message that is over replaces no other. */
const isDue = ({ item }: NamedItem, { isOwed, kind }: Novelty, now: Date): boolean =>
  isOwed && (kind !== 'REPLACING' || isCurrent(item, now));

/** An item of this reading as those after it find it. */
const toldNow = (
  { item, names }: NamedItem,
  { watcher, novelty, isWanted, now }: { watcher: WatcherRow; novelty: Novelty; isWanted: boolean; now: Date },
): KnownState => ({
  key: '',
  name: names.thing,
  isFormer: false,
  report: novelty.earlier ?? '',
  first: novelty.earlier,
  words: names.words,
  standsTwice: names.standsTwice,
  wanted: isWanted,
  feedUrl: watcher.url,
  publishedAt: item.at,
  takenAt: now,
  trusted: item.cap !== null && watcher.trustedSenders.includes(item.cap.sender),
  sender: item.cap?.sender ?? null,
  references: item.cap?.references ?? null,
});

const timeOf = ({ item }: NamedItem): number => item.at?.getTime() ?? 0;
