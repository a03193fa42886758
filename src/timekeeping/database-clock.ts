import { type Clock, systemClock } from '../clock.ts';

/** How often the distance of the machine's clock is measured, in milliseconds. */
const MEASURE_MS = 10_000;
/** Beyond this distance the hub keeps no time. */
const MOST_TO_LEAD_MS = 2_000;
/** Beyond this one it is not ready: tokens would be judged, and answers dated, by a clock that is wrong. */
const MOST_TO_SERVE_MS = 30_000;

/** PostgreSQL's time at a moment of this process's own clock, and by how much that may be wrong. */
interface Measure {
  databaseMs: number;
  ownMs: number;
  errorMs: number;
}

/**
 * PostgreSQL's time, carried on between two answers of it by a clock that only this process has and that nobody sets. The
 * clock of the machine may be set as it likes: what is published, and what is in force, does not follow it (I-24). Until PostgreSQL
 * has answered once, it is the machine's.
 */
export class DatabaseClock implements Clock {
  readonly #machine: Clock;
  readonly #own: () => number;
  #measure: Measure | undefined;

  /** `own` counts milliseconds and never goes back; `machine` is what the time of the machine is read from. */
  constructor(machine: Clock = systemClock, own = () => performance.now()) {
    this.#machine = machine;
    this.#own = own;
  }

  now(): Date {
    const measure = this.#measure;
    return measure ? new Date(measure.databaseMs + this.#own() - measure.ownMs) : this.#machine.now();
  }

  /**
   * Hears PostgreSQL's time, in an answer that has just come and took `roundTripMs`; half of that is how far it may be off. The
   * quickest answer of ten seconds counts, and at once one that lies further away than both errors explain.
   */
  hear(at: Date, roundTripMs: number): void {
    const heard = { databaseMs: at.getTime() + roundTripMs / 2, ownMs: this.#own(), errorMs: roundTripMs / 2 };
    const known = this.#measure;
    const isOld = !known || heard.ownMs - known.ownMs >= MEASURE_MS;
    if (isOld || heard.errorMs <= known.errorMs || apart(known, heard) > known.errorMs + heard.errorMs)
      this.#measure = heard;
  }

  /** How far the clock of the machine is ahead of PostgreSQL's, in milliseconds; NaN until that was measured. */
  get distanceMs(): number {
    return this.#measure ? this.#machine.now().getTime() - this.now().getTime() : Number.NaN;
  }

  /** Whether the hub may keep time: its machine and PostgreSQL agree to two seconds. */
  get isFit(): boolean {
    return !this.#isBeyond(MOST_TO_LEAD_MS);
  }

  /** Why the hub is not ready, in words; undefined while its machine and PostgreSQL agree to half a minute. */
  get fault(): string | undefined {
    if (!this.#isBeyond(MOST_TO_SERVE_MS)) return undefined;
    const seconds = Math.round(this.distanceMs / 1000);
    return `the clock of this machine is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} that of PostgreSQL`;
  }

  #isBeyond(most: number): boolean {
    return Math.abs(this.distanceMs) - (this.#measure?.errorMs ?? 0) > most;
  }
}

/** How far apart two measures put the same moment. */
const apart = (one: Measure, other: Measure): number =>
  Math.abs(other.databaseMs - one.databaseMs - (other.ownMs - one.ownMs));
