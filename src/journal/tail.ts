import type { Sql } from '../database/sql.ts';
import type { Entry, Head, Latest, Reading, Standing } from './entry.ts';
import { readLatest, readOn } from './journal.queries.ts';
import { CHANNEL, type ListenOptions, ListenSession } from './listen.ts';
import { RecentEntries, type RecentLimits } from './recent-entries.ts';
import { declareRestore } from './restore.commands.ts';

/**
 * One reader of the journal per process. Two ways lead to the same read: the doorbell (NOTIFY, a hint) and a poll every
 * second (the truth). Entries come out in order, each once, dense; every listener gets a batch in the same turn of the
 * event loop, so that all of them stand at the same position between two turns.
 *
 * Each read also shows whether this is still the journal that was read before. Another epoch, a head that went back, or
 * another entry where this process stands: the database was restored from a backup. If nobody has declared that, the tail
 * does; then it starts over from what is public now.
 */
const PAGE = 500;
/** So many of the newest entries are in memory from the start: followers that a hub lost as it ended come back near the head. */
const WARM = 100;
const POLL_MS = 1_000;

export interface TailOptions<D> {
  url: string;
  /** How much of the newest entries stays in memory. */
  recent: RecentLimits;
  onError(error: unknown): void;
  /** Other channels to listen to over the same session, and what to call when a NOTIFY comes there: with its message, if any. */
  otherChannels?: ListenOptions['channels'];
  /** Reads all that is public, for a process that starts or starts over; the head alone if it is left out. */
  readWhole?(sql: Sql): Promise<Reading<Latest<D>>>;
  /** Whether PostgreSQL takes writes nowhere in sight of this hub, so that others may have gone on elsewhere. */
  isReadOnly?(): boolean;
}

/** Gets all that is public, in place of everything that came before. */
export type WholeListener<D> = (entries: readonly Latest<D>[]) => void;

export type BatchListener<D> = (batch: readonly Entry<D>[]) => void;

export class Tail<D> {
  readonly #recent: RecentEntries<D>;
  readonly #session: ListenSession;
  readonly #listeners = new Set<BatchListener<D>>();
  readonly #afterRead = new Set<() => void>();
  readonly #afterRestart = new Set<() => void>();
  readonly #onError: (error: unknown) => void;
  readonly #isReadOnly: () => boolean;
  readonly #readWhole: (sql: Sql) => Promise<Reading<Latest<D>>>;
  readonly #wholeListeners = new Set<WholeListener<D>>();
  #head: Head = { epoch: '', position: 0 };
  #standing: string | null = null;
  #failure: unknown;
  #available = false;
  #reading: Promise<void> | undefined;
  #again: Promise<void> | undefined;
  #poll: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: TailOptions<D>) {
    this.#recent = new RecentEntries(options.recent);
    this.#onError = options.onError;
    this.#isReadOnly = options.isReadOnly ?? (() => false);
    this.#readWhole = options.readWhole ?? ((sql) => readLatest(sql, 'select null::uuid', []));
    this.#session = new ListenSession({
      url: options.url,
      channels: { ...options.otherChannels, [CHANNEL]: () => void this.refresh() },
      onState: (connected) => {
        if (!connected) this.#available = false;
      },
    });
  }

  /**
   * Connects and stands at today's head, with the newest entries in memory; or, after `standAt`, goes on from there. Throws
   * if PostgreSQL cannot be reached or read; then it may be called again.
   */
  async start(): Promise<void> {
    if (!this.#session.sql) await this.#session.open();
    // A session that opens begins a read: the hub opens to everybody in the turn in which that shows what is public.
    await (this.#reading ?? this.refresh());
    if (!this.#available && !this.#closed) throw this.#failure ?? new Error('the journal cannot be read');
    this.#nextPoll();
  }

  /** Stands where an earlier process stood. Call it before `start`. */
  standAt({ head, standing }: Standing): void {
    this.#head = head;
    this.#standing = standing;
  }

  /** The id of the entry at the head; null if there is none. */
  get standing(): string | null {
    return this.#standing;
  }

  /** Where the last entry stands that listeners got. */
  get head(): Head {
    return this.#head;
  }

  /** False from a read that failed until one succeeds: what this process shows may be stale. */
  get available(): boolean {
    return this.#available;
  }

  /**
   * Whether what this process shows may have been overtaken: PostgreSQL cannot be read, or takes no writes, as a replica or a
   * primary that was replaced.
   */
  get stale(): boolean {
    return !this.#available || this.#isReadOnly();
  }

  /** Entries in memory after a position, or undefined if the table has to be read. */
  inMemory(position: number, limit: number): Entry<D>[] | undefined {
    if (position === this.#head.position) return [];
    return this.#recent.after(position, limit);
  }

  /** About how many bytes the entries in memory take. */
  get recentBytes(): number {
    return this.#recent.bytes;
  }

  listen(listener: BatchListener<D>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls a listener with all that is public when the tail starts or starts over, in the turn in which the head moves. */
  onWhole(listener: WholeListener<D>): void {
    this.#wholeListeners.add(listener);
  }

  /** Calls a listener in the turn in which another epoch began: no older cursor can be continued. */
  onRestart(listener: () => void): void {
    this.#afterRestart.add(listener);
  }

  /** Calls a listener after every read that succeeded, by doorbell or by poll, with entries or without. */
  onRead(listener: () => void): void {
    this.#afterRead.add(listener);
  }

  /**
   * Reads what has been committed until now; resolves when a read that began after this call is done. The publisher calls it
   * after a commit that appended; PostgreSQL notified every process then.
   */
  refresh(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    // A read that waits begins in the turn in which the one before it ends. Another one beside it would find that the head had
    // moved since it asked, and take that for a restored journal.
    if (this.#again) return this.#again;
    if (!this.#reading) return this.#begin();
    this.#again = this.#reading.then(() => {
      this.#again = undefined;
      return this.#begin();
    });
    return this.#again;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#poll);
    await this.#session.close();
    await this.#reading;
    this.#listeners.clear();
    this.#wholeListeners.clear();
    this.#afterRead.clear();
    this.#afterRestart.clear();
  }

  #begin(): Promise<void> {
    this.#reading = this.#drain().then(
      () => {
        this.#reading = undefined;
      },
      (error) => {
        this.#reading = undefined;
        this.#available = false;
        this.#failure = error;
        if (!this.#closed) this.#onError(error);
      },
    );
    return this.#reading;
  }

  async #drain(): Promise<void> {
    const { sql } = this.#session;
    if (!sql) {
      this.#available = false;
      return;
    }
    if (this.#head.epoch === '') await this.#startOver(sql.whole);
    for (;;) {
      const { head, standing, entries } = await readOn<D>(sql.page, this.#head.position, PAGE);
      if (head.epoch !== this.#head.epoch) {
        await this.#startOver(sql.whole);
        continue;
      }
      if (head.position < this.#head.position || standing !== this.#standing) {
        await declareRestore(sql.page, head.epoch);
        continue;
      }
      if (entries.length > 0) this.#giveOut(entries);
      if (entries.length < PAGE) break;
    }
    this.#available = true;
    for (const listener of this.#afterRead) listener();
  }

  /** Begins with the journal as it is now; the newest entries are in memory for followers that come back. */
  async #startOver(sql: Sql): Promise<void> {
    const { head, standing, entries } = await this.#readWhole(sql);
    const warm = await readOn<D>(sql, Math.max(0, head.position - WARM), WARM);
    if (warm.head.epoch !== head.epoch) return this.#startOver(sql);
    const isAnother = this.#head.epoch !== '';
    this.#recent.clear();
    for (const entry of warm.entries) if (entry.position <= head.position) this.#recent.push(entry);
    this.#head = head;
    this.#standing = standing;
    for (const listener of this.#wholeListeners) listener(entries);
    if (isAnother) for (const listener of this.#afterRestart) listener();
  }

  #giveOut(batch: readonly Entry<D>[]): void {
    for (const entry of batch) this.#recent.push(entry);
    const last = batch.at(-1);
    if (last) {
      this.#head = { epoch: this.#head.epoch, position: last.position };
      this.#standing = last.id;
    }
    for (const listener of this.#listeners) listener(batch);
  }

  #nextPoll(): void {
    if (this.#closed) return;
    this.#poll = setTimeout(
      () => {
        this.refresh().finally(() => this.#nextPoll());
      },
      POLL_MS * (0.75 + Math.random() / 2),
    );
  }
}
