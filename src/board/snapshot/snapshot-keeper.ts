import type { Clock } from '../../clock.ts';
import type { Tail } from '../../journal/tail.ts';
import type { PublicDocument } from '../../publications/document.ts';
import type { Board } from '../board.ts';
import { clearLeftovers, writeSnapshot } from './snapshot.ts';

export interface SnapshotKeeperOptions {
  file: string;
  /** Which database it is of: see `snapshotOrigin`. */
  origin: string;
  /** Its changes are what is written; the board hears of them before. */
  tail: Tail<PublicDocument>;
  board: Board;
  clock: Clock;
  /** Told when one could not be written; the next change tries again. */
  onError(error: unknown): void;
}

const REST_MS = 5_000;
/** Not while a hub starts: what it has just read can be read again, and the first client should not wait for a file. */
const START_MS = 1_000;
/** After writing, it rests for this many times as long: a large board costs no more than a small part of the time. */
const REST_TIMES = 20;

/** Keeps the snapshot on disk near to what is public: at once after a change, then at most every five seconds; a second after a start. */
export class SnapshotKeeper {
  readonly #options: SnapshotKeeperOptions;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #isBehind = false;
  #closed = false;
  #notBefore = 0;

  constructor(options: SnapshotKeeperOptions) {
    this.#options = options;
    options.tail.listen(() => this.#changed());
    options.tail.onWhole(() => {
      this.#notBefore = Math.max(this.#notBefore, performance.now() + START_MS);
      this.#changed();
    });
    clearLeftovers(options.file).catch(options.onError);
  }

  /** Writes what is not on disk yet, and stops. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#writing;
    if (this.#isBehind) await this.#write();
  }

  #changed(): void {
    this.#isBehind = true;
    if (this.#timer || this.#writing || this.#closed) return;
    this.#timer = setTimeout(() => this.#write(), Math.max(0, this.#notBefore - performance.now()));
    this.#timer.unref();
  }

  #write(): Promise<void> {
    this.#timer = undefined;
    this.#isBehind = false;
    const began = performance.now();
    this.#writing = this.#capture().finally(() => {
      const now = performance.now();
      this.#notBefore = now + Math.max(REST_MS, REST_TIMES * (now - began));
      this.#writing = undefined;
      if (this.#isBehind) this.#changed();
    });
    return this.#writing;
  }

  async #capture(): Promise<void> {
    const { file, origin, tail, board, clock, onError } = this.#options;
    const takenAt = clock.now().toISOString();
    const { head, standing } = tail;
    try {
      await writeSnapshot(file, origin, { head, standing, takenAt, entries: board.entries() });
    } catch (error) {
      onError(error);
    }
  }
}
