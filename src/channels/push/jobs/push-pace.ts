import { setImmediate as nextTurn } from 'node:timers/promises';

/** For so many milliseconds messages are encrypted before everybody else in the process has a turn. */
const TURN_MS = 5;

/** Shares the process's one thread: all walks of a hub together encrypt for one turn at a time. */
export class PushPace {
  #since = performance.now();
  #next: Promise<void> | undefined;

  /** Whether this turn is used up: `turn` says when the next one begins. */
  get isOver(): boolean {
    return performance.now() - this.#since > TURN_MS;
  }

  /** Resolves once the process had a turn for everything else. */
  turn(): Promise<void> {
    this.#next ??= nextTurn().then(() => {
      this.#since = performance.now();
      this.#next = undefined;
    });
    return this.#next;
  }
}
