import type { Sql } from '../database/sql.ts';
import type { Entry, Head } from './entry.ts';
import { readAfter, readHead } from './journal.queries.ts';
import { ListenSession } from './listen.ts';
import { Ring } from './ring.ts';

/**
 * One reader of the journal per process. Two ways lead to the same read: the doorbell (NOTIFY, a hint) and a poll every
 * second (the truth). Entries come out in order, each once, dense; a batch is handed to every listener in one turn of
 * the event loop, so that all of them stand at the same position between two turns.
 */
const PAGE = 500;
const POLL_MS = 1_000;

export interface TailOptions {
  url: string;
  /** How many of the newest entries stay in memory. */
  ringSize: number;
  onError(error: unknown): void;
}

export type BatchListener<D> = (batch: readonly Entry<D>[]) => void;

export class Tail<D> {
  readonly #ring: Ring<D>;
  readonly #session: ListenSession;
  readonly #listeners = new Set<BatchListener<D>>();
  readonly #afterRead = new Set<() => void>();
  readonly #onError: (error: unknown) => void;
  #head: Head = { epoch: '', position: 0 };
  #available = false;
  #reading: Promise<void> | undefined;
  #again: Promise<void> | undefined;
  #poll: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: TailOptions) {
    this.#ring = new Ring(options.ringSize);
    this.#onError = options.onError;
    this.#session = new ListenSession({
      url: options.url,
      onRing: () => void this.kick(),
      onState: (connected) => {
        if (!connected) this.#available = false;
      },
    });
  }

  /** Connects and stands at today's head, with the newest entries in memory. Throws where PostgreSQL cannot be reached. */
  async start(): Promise<void> {
    await this.#session.open();
    await this.#reading;
    this.#nextPoll();
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

  listen(listener: BatchListener<D>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
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
    this.#afterRead.clear();
  }

  #begin(): Promise<void> {
    this.#reading = this.#drain().then(
      () => {
        this.#reading = undefined;
      },
      (error) => {
        this.#reading = undefined;
        this.#available = false;
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
    if (this.#head.epoch === '') this.#head = await this.#startingPoint(sql);
    for (;;) {
      const batch = await readAfter<D>(sql, this.#head.position, PAGE);
      this.#available = true;
      if (batch.length > 0) this.#hand(batch);
      if (batch.length < PAGE) break;
    }
    for (const listener of this.#afterRead) listener();
  }

  /** Begins a little behind the head, so that the newest entries are in memory for those who come back. */
  async #startingPoint(sql: Sql): Promise<Head> {
    const head = await readHead(sql);
    const warm = await readAfter<D>(sql, Math.max(0, head.position - PAGE), PAGE);
    for (const entry of warm) if (entry.position <= head.position) this.#ring.push(entry);
    return head;
  }

  #hand(batch: readonly Entry<D>[]): void {
    for (const entry of batch) this.#ring.push(entry);
    const last = batch.at(-1);
    if (last) this.#head = { epoch: this.#head.epoch, position: last.position };
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
