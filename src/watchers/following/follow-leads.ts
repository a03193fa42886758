import type { EntityManager } from '@mikro-orm/postgresql';
import type { WatchedFeed } from '../reading/feed.ts';
import { quoted } from '../reading/feed-fault.ts';
import { capItem, type WatchedItem } from '../reading/watched-item.ts';
import type { WatcherRow } from '../watcher.entity.ts';
import type { Journey } from './follow-one.ts';
import { followPlan } from './follow-plan.ts';
import {
  type Followed,
  forgetMessages,
  type KeptMessages,
  keepMessages,
  keptMessages,
} from './kept-messages.commands.ts';
import { type Lead, leadOf } from './leads.rules.ts';
import { isDue, isSure, planOf, sureHosts } from './plan.rules.ts';
import { batchesOf, isOver, withoutWords } from './room.rules.ts';

/** A feed with the messages that it announces in the place of the items that announce them. */
export interface FollowedFeed extends WatchedFeed {
  /** Whether nothing is left to fetch. */
  isWhole: boolean;
}

export interface FollowingWork extends Omit<Journey, 'everyMinutes'> {
  em: EntityManager;
  /** Bytes of messages that are kept for one feed. */
  mostBytes?: number;
  /** Does what writes, as an act of the hub that keeps time. */
  write(work: (em: EntityManager) => Promise<void>): Promise<void>;
}

const MOST_BYTES = 20_000_000;
/** An item whose message cannot be fetched for so long is reported by its own words. */
const WORDS_AFTER_MS = 3_600_000;
/** The same of an item that may lead to a page as well, as those of newspapers do: its words are news, and hardly ever wrong. */
const DOUBTFUL_WORDS_AFTER_MS = 300_000;

/**
 * Fetches the CAP messages to which the items of a feed lead, and puts each into the place of its item. An item whose message
 * could not be fetched is left out, to be tried again; after an hour (five minutes where it may be a page), or where there is no
 * room, its own words stand for it.
 */
export async function followLeads(
  feed: WatchedFeed,
  { id, url, everyMinutes }: Pick<WatcherRow, 'id' | 'url' | 'everyMinutes'>,
  { em, write, mostBytes = MOST_BYTES, ...way }: FollowingWork,
): Promise<FollowedFeed> {
  const items = feed.items.map((item) => ({ item, lead: leadOf(item, url, way.now) }));
  const leads = eachOnce(items.flatMap(({ lead }) => (lead ? [lead] : [])));
  const before = await keptMessages(em, id);
  if (leads.length === 0 && before.size === 0) return { ...feed, isWhole: true };
  const thinned = [...before.values()].filter((one) => isOver(one, way.now)).map(withoutWords);
  const rested: KeptMessages = new Map([...before, ...thinned.map(byKey)]);
  const room = mostBytes - leads.reduce((sum, { key }) => sum + (rested.get(key)?.bytes ?? 0), 0);
  const { followed, isFull } = await followPlan(planOf(leads, rested, way.now), room, { ...way, everyMinutes });
  const changed = [...new Map([...thinned, ...followed].map(byKey)).values()];
  const keys = leads.map(({ key }) => key);
  await write((inside) => forgetMessages(inside, id, keys));
  for (const batch of batchesOf(changed.map((one) => (isOver(one, way.now) ? withoutWords(one) : one))))
    await write((inside) => keepMessages(inside, id, batch));
  const kept: KeptMessages = new Map([...rested, ...followed.map(byKey)]);
  const hosts = sureHosts(leads, kept);
  return {
    ...feed,
    items: items.flatMap(({ item, lead }) => {
      if (!lead) return [item];
      // A message for which there is no room is lost to nobody: its item says what it can.
      if (isFull && isDue(lead, kept, way.now)) return [item];
      return standIn(item, { isSure: isSure(lead, hosts), found: kept.get(lead.key) }, way.now);
    }),
    faults: [
      ...new Set([...feed.faults, ...leads.flatMap((lead) => faultsOf(lead, kept.get(lead.key)))]),
      ...(isFull ? [`plus de ${mostBytes} octets de messages`] : []),
    ],
    isWhole: !leads.some((lead) => isDue(lead, kept, way.now) || kept.get(lead.key)?.failures),
  };
}

const byKey = (one: Followed): [string, Followed] => [one.key, one];

/** Two items of a feed may lead to one message. */
const eachOnce = (leads: readonly Lead[]): Lead[] => {
  const seen = new Map<string, Lead>();
  for (const lead of leads) if (!seen.has(lead.key)) seen.set(lead.key, lead);
  return [...seen.values()];
};

/** The items that stand for one: its message, its own words, or nothing while its message is still to be fetched. */
function standIn(
  item: WatchedItem,
  { isSure: mustLead, found }: { isSure: boolean; found: Followed | undefined },
  now: Date,
): WatchedItem[] {
  if (!found) return mustLead ? [] : [item];
  const longest = mustLead ? WORDS_AFTER_MS : DOUBTFUL_WORDS_AFTER_MS;
  const hasWaited = found.failingSince && now.getTime() - found.failingSince.getTime() >= longest;
  if (hasWaited) return [item];
  if (found.cap) return [{ ...capItem(found.cap), link: item.link ?? found.url }];
  return found.failingSince ? [] : [item];
}

const faultsOf = ({ title }: Lead, found: Followed | undefined): string[] =>
  found?.failures ? found.faults.map((fault) => `${quoted(title)} : ${fault}`) : (found?.faults ?? []);
