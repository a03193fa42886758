import type { WatchedItem } from '../reading/watched-item.ts';
import type { KnownState } from './known.queries.ts';
import { type ItemNames, publisherOf } from './names.rules.ts';

/**
 * How an item is news. NEW: nothing of that name was reported. CHANGED: the thing was, and other words stand there at a later date.
 * REPLACING: its watcher trusts the sender of the message, and those that brought it before do not. CONTRADICTING: another host
 * gives other words under the triplet of a message.
 */
export interface Novelty {
  kind: 'NEW' | 'CHANGED' | 'REPLACING' | 'CONTRADICTING';
  /** The report of the thing to which this one leads. */
  earlier: string | null;
  /** Whether it is news whatever its watcher wants: that has been told of the thing before. */
  isOwed: boolean;
}

/** The feed that brings an item. */
interface Bearer {
  feedUrl: string;
  trustedSenders: readonly string[];
}

type Told = Pick<
  KnownState,
  | 'report'
  | 'first'
  | 'words'
  | 'standsTwice'
  | 'wanted'
  | 'feedUrl'
  | 'isFormer'
  | 'publishedAt'
  | 'takenAt'
  | 'trusted'
>;

const NEW: Novelty = { kind: 'NEW', earlier: null, isOwed: false };

/** How an item is news beside the states of its name that were told, the earliest first; null where it is none. */
export function noveltyOf(
  item: Pick<WatchedItem, 'cap' | 'at'>,
  names: ItemNames,
  told: readonly Told[],
  bearer: Bearer,
): Novelty | null {
  const [earliest] = told;
  if (!earliest) return NEW;
  if (item.cap) {
    const trusted = bearer.trustedSenders.includes(item.cap.sender);
    return messageNovelty({ names, trusted, earliest }, told, bearer);
  }
  return thingNovelty(item, names, told, bearer);
}

/** A message is its triplet, but a triplet can be written by anybody: a watcher's trust counts first, then the words. */
function messageNovelty(
  { names, trusted, earliest }: { names: ItemNames; trusted: boolean; earliest: Told },
  told: readonly Told[],
  { feedUrl }: Bearer,
): Novelty | null {
  const isSame = ({ words }: Told) => words === null || words === names.words;
  const relied = told.filter((one) => one.trusted);
  if (trusted) {
    if (relied.length === 0) return { kind: 'REPLACING', earlier: earliest.report, isOwed: true };
    return names.standsTwice && !relied.some(isSame) ? NEW : null;
  }
  // Copies of a message that is relied on are no news, whatever they say.
  if (relied.length > 0 || told.some(isSame)) return null;
  const sameHost = told.some((one) => publisherOf(one.feedUrl) === publisherOf(feedUrl));
  if (sameHost) return names.standsTwice ? NEW : null;
  return { kind: 'CONTRADICTING', earlier: earliest.first ?? earliest.report, isOwed: false };
}

function thingNovelty(
  { at }: Pick<WatchedItem, 'at'>,
  { words, standsTwice }: ItemNames,
  told: readonly Told[],
  { feedUrl }: Bearer,
): Novelty | null {
  // Before states were known, a name held for every host.
  if (told.some((one) => one.isFormer && publisherOf(one.feedUrl) !== publisherOf(feedUrl))) return null;
  if (told.some((one) => one.words === null)) return null;
  if (standsTwice || told.some((one) => one.standsTwice)) return told.some((one) => one.words === words) ? null : NEW;
  const latest = told.reduce((a, b) => (timeOfState(b) >= timeOfState(a) ? b : a));
  if (latest.words === words || at === null || !told.every((one) => isLater(at, one))) return null;
  const earliest = told[0] ?? latest;
  return { kind: 'CHANGED', earlier: earliest.first ?? earliest.report, isOwed: latest.wanted };
}

/** A date that lies after the reading tells nothing of when the words were written. */
const timeOfState = ({ publishedAt, takenAt }: Told): number =>
  Math.min(publishedAt?.getTime() ?? Number.MAX_SAFE_INTEGER, takenAt.getTime());

const isLater = (at: Date, one: Told): boolean =>
  at.getTime() > timeOfState(one) && at.getTime() !== one.publishedAt?.getTime();
