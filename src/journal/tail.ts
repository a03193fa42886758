import type { Sql } from '../database/sql.ts';
import type { Entry, Head, Reading, Standing } from './entry.ts';
import { readOn, readPicked } from './journal.queries.ts';
import { CHANNEL, ListenSession } from './listen.ts';
import { declareRestore } from './restore.commands.ts';
import { Ring, type RingLimits } from './ring.ts';

/**
 * One reader of the journal per process. Two ways lead to the same read: the doorbell (NOTIFY, a hint) and a poll every
 * second (the truth). Entries come out in order, each once, dense; a batch is handed to every listener in one turn of
 * the event loop, so that all of them stand at the same position between two turns.
 *
 * Each read also tells whether this is still the journal that was read before. Another epoch, a head that went back, or
 * another entry where this process stands: the database was restored from a backup. Where nobody has declared that, the
 * tail does; then it starts over from what is public now.
 */
const PAGE = 500;
const POLL_MS = 1_000;

export interface TailOptions<D> {
  url: string;
  /** How much of the newest entries stays in memory. */
  recent: RingLimits;
  onError(error: unknown): void;
  /** Other channels to listen to over the same session, and what to call when a NOTIFY comes there. */
  otherChannels?: Readonly<Record<string, () => void>>;
  /** What is public as of one moment, for a process that starts, or starts over; nothing but the head where it is left out. */
  readWhole?(sql: Sql): Promise<Reading<D>>;
}

/** Takes all that is public in place of whatever was known before. */
export type WholeListener<D> = (entries: readonly Entry<D>[]) => void;

export type BatchListener<D> = (batch: readonly Entry<D>[]) => void;

export class Tail<D> {
  readonly #ring: Ring<D>;
  readonly #session: ListenSession;
  readonly #listeners = new Set<BatchListener<D>>();
  readonly #afterRead = new Set<() => void>();
  readonly #afterRestart = new Set<() => void>();
  readonly #onError: (error: unknown) => void;
  readonly #readWhole: (sql: Sql) => Promise<Reading<D>>;
  readonly #takers = new Set<WholeListener<D>>();
  #head: Head = { epoch: '', position: 0 };
  #standing: string | null = null;
  #failure: unknown;
  #available = false;
  #reading: Promise<void> | undefined;
  #again: Promise<void> | undefined;
  #poll: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: TailOptions<D>) {
    this.#ring = new Ring(options.recent);
    this.#onError = options.onError;
    this.#readWhole = options.readWhole ?? ((sql) => readPicked(sql, 'select null::uuid'));
    this.#session = new ListenSession({
      url: options.url,
      channels: { ...options.otherChannels, [CHANNEL]: () => void this.kick() },
      onState: (connected) => {
        if (!connected) this.#available = false;
      },
    });
  }

  /**
   * Connects and stands at today's head, with the newest entries in memory; or, after `standAt`, goes on from there. Throws
   * where PostgreSQL cannot be reached or read; then it may be called again.
   */
  async start(): Promise<void> {
    if (!this.#session.sql) await this.#session.open();
    await this.kick();
    if (!this.#available && !this.#closed) throw this.#failure ?? new Error('the journal cannot be read');
    this.#nextPoll();
  }

  /** Stands where an earlier process stood, before `start`. */
  standAt({ head, standing }: Standing): void {
    this.#head = head;
    this.#standing = standing;
  }

  /** The id of the entry at the head; null where there is none. */
  get standing(): string | null {
    return this.#standing;
  }

  /** The last entry that listeners were handed. */
  get head(): Head {
    return this.#head;
  }

  /** False from the moment a read failed until one succeeds again: what is shown may be stale. */
  get available(): boolean {
    return this.#available;
  }

  /** Entries in memory after a position, or undefined where the table must be asked. */
  inMemory(position: number, limit: number): Entry<D>[] | undefined {
    if (position === this.#head.position) return [];
    return this.#ring.after(position, limit);
  }

  /** About how many bytes the entries in memory take. */
  get recentBytes(): number {
    return this.#ring.bytes;
  }

  listen(listener: BatchListener<D>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Who is handed all that is public when the tail starts or starts over, in the turn in which the head moves there. */
  onWhole(listener: WholeListener<D>): void {
    this.#takers.add(listener);
  }

  /** Calls a listener in the turn in which another epoch began: no cursor of before can be continued. */
  onRestart(listener: () => void): void {
    this.#afterRestart.add(listener);
  }

  /** Calls a listener after every read that succeeded, entries or none: somebody rang, or the poll came round. */
  onRead(listener: () => void): void {
    this.#afterRead.add(listener);
  }

  /** Rings every process's doorbell and reads at once here. Call it after a commit that appended. */
  announce(): Promise<void> {
    this.#session.ring();
    return this.kick();
  }

  /** Reads what has been committed until now; resolves when a read that began after this call is done. */
  kick(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    if (!this.#reading) return this.#begin();
    this.#again ??= this.#reading.then(() => {
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
    this.#takers.clear();
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
    if (this.#head.epoch === '') await this.#takeUp(sql);
    for (;;) {
      const { head, standing, entries } = await readOn<D>(sql, this.#head.position, PAGE);
      if (head.epoch !== this.#head.epoch) {
        await this.#takeUp(sql);
        continue;
      }
      if (head.position < this.#head.position || standing !== this.#standing) {
        await declareRestore(sql, head.epoch);
        continue;
      }
      if (entries.length > 0) this.#hand(entries);
      if (entries.length < PAGE) break;
    }
    this.#available = true;
    for (const listener of this.#afterRead) listener();
  }

  /** Takes up the journal as it is now; the newest entries are in memory for those who come back. */
  async #takeUp(sql: Sql): Promise<void> {
    const { head, standing, entries } = await this.#readWhole(sql);
    const warm = await readOn<D>(sql, Math.max(0, head.position - PAGE), PAGE);
    if (warm.head.epoch !== head.epoch) return this.#takeUp(sql);
    const isAnother = this.#head.epoch !== '';
    this.#ring.clear();
    for (const entry of warm.entries) if (entry.position <= head.position) this.#ring.push(entry);
    this.#head = head;
    this.#standing = standing;
    for (const take of this.#takers) take(entries);
    if (isAnother) for (const listener of this.#afterRestart) listener();
  }

  #hand(batch: readonly Entry<D>[]): void {
    for (const entry of batch) this.#ring.push(entry);
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
        this.kick().finally(() => this.#nextPoll());
      },
      POLL_MS * (0.75 + Math.random() / 2),
    );
  }
}
