import { errorCodeOf } from '../errors.ts';
import type { Database } from './connection.ts';
import { isTooLate, patience } from './sql.ts';

const LOOK_MS = 1_000;
/** Each look asks whether PostgreSQL would take a write; one in five has it write to its disk. */
const DISK_EVERY = 5;
/** An answer that takes longer comes over a connection that has died. */
const ANSWER_MS = 2_000;
/** Without a good look for this long, nobody can say that a write would be taken. */
const OLD_MS = 4_000;

const ASK = `select pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as "readOnly",
  (extract(epoch from clock_timestamp()) * 1000)::float8 as now`;
/**
 * Half a megabyte that goes to a temporary file, because `work_mem` does not hold it: it leaves no row and no WAL behind. On a
 * full disk a small row may still find its place in a page that is there; a file that grows does not.
 */
const FILL = `begin; set local work_mem = '64kB'; select count(*) from generate_series(1, 20000); rollback`;

type ProbedDatabase = Pick<Database, 'pool' | 'cutIdle'>;

export interface ProbeListeners {
  /** Gets PostgreSQL's time, and how long the answer took, with every look. */
  onTime(now: Date, roundTripMs: number): void;
  /** Gets what PostgreSQL or the driver said, once for each reason in a row. */
  onError(error: unknown): void;
}

/**
 * Asks PostgreSQL every second, over the pool that commands use, whether it would take a write; a caller gets the last
 * answer, and never waits.
 */
export class WriteProbe {
  readonly #database: ProbedDatabase;
  readonly #listeners: ProbeListeners;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #looks = 0;
  #goodAt = Number.NEGATIVE_INFINITY;
  #fault: string | undefined = 'PostgreSQL has not been asked yet';
  #readOnly = false;
  #closed = false;
  #begun: Promise<void> | undefined;

  constructor(database: ProbedDatabase, listeners: ProbeListeners) {
    this.#database = database;
    this.#listeners = listeners;
  }

  /** Why a write would be refused now, in words; undefined where it would be taken. */
  get fault(): string | undefined {
    if (this.#fault) return this.#fault;
    const age = performance.now() - this.#goodAt;
    return age > OLD_MS ? `PostgreSQL has not answered for ${Math.round(age / 1000)} s` : undefined;
  }

  /** Whether PostgreSQL said that it takes no writes: a replica, or a primary that was set so. */
  get readOnly(): boolean {
    return this.#readOnly;
  }

  /** Begins to look; resolves after the first look. May be called again. */
  start(): Promise<void> {
    this.#begun ??= this.#next();
    return this.#begun;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  async #next(): Promise<void> {
    this.#looking = this.#look();
    await this.#looking;
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.#next(), LOOK_MS);
  }

  async #look(): Promise<void> {
    try {
      this.#readOnly = await this.#ask();
      this.#fault = this.#readOnly ? 'PostgreSQL takes no writes: it is a replica, or was set read-only' : undefined;
      this.#goodAt = performance.now();
    } catch (error) {
      const fault = wordsOf(error);
      if (fault !== this.#fault && !this.#closed) this.#listeners.onError(error);
      this.#fault = fault;
      // The others that lie idle have gone the same way.
      if (isTooLate(error)) this.#database.cutIdle();
    }
  }

  async #ask(): Promise<boolean> {
    const client = await this.#database.pool.connect();
    try {
      const askedAt = performance.now();
      const { rows } = await client.query<{ readOnly: boolean; now: number }>({ text: ASK, ...patience(ANSWER_MS) });
      const [{ readOnly, now } = { readOnly: true, now: Number.NaN }] = rows;
      this.#listeners.onTime(new Date(now), performance.now() - askedAt);
      if (this.#looks % DISK_EVERY === 0) await client.query({ text: FILL, ...patience(ANSWER_MS) });
      this.#looks += 1;
      client.release();
      return readOnly;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }
}

/** The words for everybody: PostgreSQL's own name files and addresses, and go to the log. */
function wordsOf(error: unknown): string {
  const code = errorCodeOf(error);
  if (code === '53100') return 'PostgreSQL has no room left on its disk';
  if (code === '53300') return 'PostgreSQL lets in no more connections';
  if (/^5[38]/.test(code)) return 'PostgreSQL cannot write';
  return 'PostgreSQL does not answer over the connections of the pool';
}
