import type { PoolClient } from 'pg';
import { type PoolGuard, socketOf } from './pool-guard.ts';
import { openSession } from './session.ts';
import { patience } from './sql.ts';

/** A connection is asked after once nothing has come over it for this long, while somebody waits for its answer. */
const QUIET_MS = 2_000;
/** It is asked after again, if it was alive, only then: a statement may well run for half a minute. */
const AGAIN_MS = 5_000;
const LOOK_MS = 1_000;

export interface SilenceOptions {
  url: string;
  /** After how many milliseconds a connection is cut that is still silent; 0: never. */
  longestMs: number;
}

/** Since when, by the process's own clock, somebody waits for an answer that has stood at these bytes. */
interface Silence {
  bytes: number;
  since: number;
  askedAt: number;
}

/**
 * Finds the connections of a pool that died without a word, as they do behind a firewall that forgot them: TCP would go on
 * sending for a quarter of an hour, or for ever. Where an answer does not come, a fresh session asks PostgreSQL whether it is
 * at work on it. If it is not, nothing will come: the connection is cut, with all that are idle, which die in the same way.
 */
export class SilenceWatch {
  readonly #guard: PoolGuard;
  readonly #options: SilenceOptions;
  readonly #silences = new Map<PoolClient, Silence>();
  readonly #timer: NodeJS.Timeout;
  #asking = false;
  #closed = false;
  #cuts = 0;

  constructor(guard: PoolGuard, options: SilenceOptions) {
    this.#guard = guard;
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  /** How many connections were cut until now. */
  get cuts(): number {
    return this.#cuts;
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    this.#listen(now);
    const { longestMs } = this.#options;
    for (const [client, { since }] of this.#silences) {
      if (longestMs > 0 && now - since >= longestMs) this.#cut(client);
    }
    const quiet = [...this.#silences].filter(
      ([, { since, askedAt }]) => now - since >= QUIET_MS && now - askedAt >= AGAIN_MS,
    );
    if (quiet.length === 0 || this.#asking) return;
    this.#asking = true;
    // Where no session can be had, PostgreSQL is away for everybody: the connection is cut at its longest time.
    void this.#askAfter(quiet)
      .catch(() => undefined)
      .finally(() => {
        this.#asking = false;
      });
  }

  /** Notes which connections wait for an answer, and which of them have received something since the last look. */
  #listen(now: number): void {
    const waiting = [...this.#guard.lent].filter((client) => Reflect.get(client, 'readyForQuery') === false);
    const before = new Map(this.#silences);
    this.#silences.clear();
    for (const client of waiting) {
      const bytes = socketOf(client)?.bytesRead ?? 0;
      const known = before.get(client);
      this.#silences.set(
        client,
        known?.bytes === bytes ? known : { bytes, since: now, askedAt: Number.NEGATIVE_INFINITY },
      );
    }
  }

  async #askAfter(quiet: readonly (readonly [PoolClient, Silence])[]): Promise<void> {
    const alive = await atWork(
      this.#options.url,
      quiet.map(([client]) => processOf(client)),
    );
    if (!alive || this.#closed) return;
    // An answer that came meanwhile counts: only a silence that goes on is one.
    this.#listen(performance.now());
    const dead = quiet.filter(
      ([client, silence]) => this.#silences.get(client) === silence && !alive.has(processOf(client)),
    );
    for (const [, silence] of quiet) silence.askedAt = performance.now();
    if (dead.length === 0) return;
    for (const [client] of dead) this.#cut(client);
    this.#guard.cutIdle();
  }

  #cut(client: PoolClient): void {
    this.#cuts += 1;
    this.#silences.delete(client);
    this.#guard.cut(client);
  }
}

const processOf = (client: object): number => Number(Reflect.get(client, 'processID'));

/**
 * Which of these processes of PostgreSQL are at work on a statement; undefined where that cannot be told, because something
 * that shares connections out (as PgBouncer does) stands between, and numbers them as it likes.
 */
async function atWork(url: string, processes: readonly number[]): Promise<ReadonlySet<number> | undefined> {
  const session = await openSession({ url, name: 'tocsin look' });
  try {
    const { rows } = await session.query<{ pid: number; own: boolean }>({
      text: `select pid, pid = pg_backend_pid() as own from pg_stat_activity
        where pid = any($1) and coalesce(state, '') not like 'idle%'`,
      values: [[...processes, processOf(session)]],
      ...patience(QUIET_MS),
    });
    return rows.some(({ own }) => own) ? new Set(rows.map(({ pid }) => pid)) : undefined;
  } finally {
    // Not waited for: it may die like the others.
    session.end().catch(() => undefined);
  }
}
