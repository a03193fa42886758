import type { Actor } from '../access/actor.ts';
import { HubError } from '../errors.ts';
import type { Targets } from '../outgoing/checked-connection.ts';
import type { ReportOffice } from '../reports/report-work.ts';
import type { Territory } from '../territory/territory.ts';
import { type Fence, inFencedTransaction } from '../timekeeping/lease.commands.ts';
import type { FollowedFeed } from './following/follow-leads.ts';
import { newsOf } from './news/news.queries.ts';
import { takeItem } from './news/take-item.ts';
import type { WatchedFeed } from './reading/feed.ts';
import { FeedFault } from './reading/feed-fault.ts';
import type { Fetched } from './reading/fetch-feed.ts';
import { retryAt } from './retry.rules.ts';
import { type DueWatcher, surgeKeywords, takeDue } from './surge.queries.ts';
import { Watcher, type WatcherRow } from './watcher.entity.ts';

export interface WatchkeeperOptions {
  office: ReportOffice;
  territory: Territory;
  /** The account in whose name reports of feeds stand. */
  account(): Promise<Actor>;
  /** Where feeds may be fetched from. */
  targets: Targets;
  onError(error: unknown): void;
}

/** Loaded with the first look: a hub starts sooner without what fetches feeds and reads their HTML. */
const fetcher = () => import('./reading/fetch-feed.ts');
const reader = () => import('./reading/feed.ts');
const follower = () => import('./following/follow-leads.ts');

const AT_ONCE = 4;
/** Reports that one look makes at most; the next look makes the rest. */
const MOST_REPORTS = 50;
const MOST_FAULTS = 5;

type Outcome = Pick<WatcherRow, 'failures'> & Partial<Pick<WatcherRow, 'fault' | 'etag' | 'lastModified' | 'dueAt'>>;

/**
 * Reads the feeds that are due and makes reports of what is wanted. A look takes its time beside the timekeeper: a slow
 * server delays nothing but itself.
 */
export class Watchkeeper {
  readonly #options: WatchkeeperOptions;
  readonly #looks = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  /** The words of incidents with which each feed was read last, by watcher; none where it was read by its own alone. */
  readonly #lookedFor = new Map<string, string>();

  constructor(options: WatchkeeperOptions) {
    this.#options = options;
  }

  /**
   * Begins to look at the feeds that are due, at most four at once, and does not wait for them. A look writes under the fence
   * that it began with: if another hub keeps time before it ends, the feed is read anew by that one.
   */
  async tick(fence: Fence): Promise<void> {
    const free = AT_ONCE - this.#looks.size;
    if (free <= 0 || this.#stop.signal.aborted) return;
    const { office } = this.#options;
    for (const due of await takeDue(office.read(), fence, office.now, free)) {
      const look = this.#look(due, fence).catch((error) => {
        if (!this.#stop.signal.aborted) this.#options.onError(error);
      });
      this.#looks.add(look);
      void look.finally(() => this.#looks.delete(look));
    }
  }

  /** Breaks off the looks under way, and resolves when none is left. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#looks);
  }

  async #look({ id, everyMinutes }: DueWatcher, fence: Fence): Promise<void> {
    const { office, targets } = this.#options;
    const watcher = await office.read().findOne(Watcher, { id, active: true });
    if (!watcher) return;
    const keywords = await surgeKeywords(office.read());
    const { etag = null, lastModified = null } = this.#hasLookedFor(id, keywords) ? watcher : {};
    let outcome: Outcome;
    try {
      const { fetchFeed } = await fetcher();
      const fetched = await fetchFeed(watcher.url, { etag, lastModified }, targets, this.#stop.signal);
      // The faults in a feed that did not change are in it still.
      outcome = fetched.changed ? await this.#take({ watcher, keywords }, fetched, fence) : { failures: 0 };
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      if (!(error instanceof FeedFault)) throw error;
      outcome = setback({ failures: watcher.failures, everyMinutes }, error, office.now);
    }
    // Where somebody changed the watcher meanwhile, this result is of the old one and is dropped: the feed is read anew.
    const write = { ...outcome, lookedAt: office.now };
    await inFencedTransaction(office.read(), fence, (inside) =>
      inside.nativeUpdate(Watcher, { id, version: watcher.version }, write),
    );
  }

  /** Whether a feed was last read with these words. With others, an item that stands in it already may be wanted now. */
  #hasLookedFor(id: string, keywords: readonly string[]): boolean {
    const words = keywords.join('\n');
    const before = this.#lookedFor.get(id) ?? '';
    if (words === '') this.#lookedFor.delete(id);
    else this.#lookedFor.set(id, words);
    return words === before;
  }

  /** Makes reports of the new and wanted items of a feed that was read. */
  async #take(
    { watcher, keywords }: { watcher: WatcherRow; keywords: readonly string[] },
    fetched: Extract<Fetched, { changed: true }>,
    fence: Fence,
  ): Promise<Outcome> {
    const { office, territory, account } = this.#options;
    const { readFeed } = await reader();
    const feed = await this.#follow(readFeed(fetched.bytes, fetched.mediaType), watcher, fence);
    const news = await newsOf(office.read(), watcher, feed, { territory, now: office.now, keywords });
    const actor = await account();
    let refused = 0;
    let overtaken = 0;
    // The newest are taken; among them the earlier first, so that what refers to it leads there.
    for (const one of news.slice(0, MOST_REPORTS).reverse()) {
      if (this.#stop.signal.aborted) break;
      try {
        if (!(await takeItem({ office, actor, territory, fence }, watcher, feed, one))) overtaken += 1;
      } catch (error) {
        if (!(error instanceof HubError)) throw error;
        refused += 1;
      }
    }
    // Beside a report that somebody else made at the same moment, the next look finds whether this feed says something else.
    const whole = feed.isWhole && news.length <= MOST_REPORTS && overtaken === 0 && !this.#stop.signal.aborted;
    const { etag, lastModified } = whole ? fetched : { etag: null, lastModified: null };
    const faults = [...feed.faults, ...(refused > 0 ? [`${refused} élément(s) illisible(s)`] : [])];
    return { fault: faultText(faults), failures: 0, etag, lastModified };
  }

  /** Reads the messages to which the items of a feed lead. */
  async #follow(feed: WatchedFeed, watcher: WatcherRow, fence: Fence): Promise<FollowedFeed> {
    const { office, targets } = this.#options;
    const { followLeads } = await follower();
    return followLeads(feed, watcher, {
      em: office.read(),
      targets,
      signal: this.#stop.signal,
      now: office.now,
      write: (work) => inFencedTransaction(office.read(), fence, work),
    });
  }
}

/** The first faults of a feed in one line for staff; null where there is none. */
function faultText(faults: readonly string[]): string | null {
  const more = faults.length - MOST_FAULTS;
  const first = faults.slice(0, MOST_FAULTS).join(' ; ');
  return more > 0 ? `${first} ; et ${more} autre(s)` : first || null;
}

/** The record of a feed that cannot be read. */
const setback = (watcher: Pick<WatcherRow, 'failures' | 'everyMinutes'>, fault: FeedFault, now: Date): Outcome => ({
  fault: fault.message,
  failures: watcher.failures + 1,
  dueAt: retryAt(watcher, fault, now),
  // Without the validators the feed comes whole when it is back, and its own faults are told again.
  etag: null,
  lastModified: null,
});
