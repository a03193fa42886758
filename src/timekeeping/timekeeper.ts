import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { sessionSettings } from '../database/session.ts';
import { type Sql, sqlPrepared } from '../database/sql.ts';
import { lookAtLease, returnTime, TIME_LEASE_MS } from './lease.commands.ts';

/**
 * One process of all does what is due at a time (a start, an end, a scheduled publication): the one that holds the lease, a row
 * that it renews every second by PostgreSQL's clock. A process that stops, or is cut off, loses it after ten seconds; one that
 * is killed, within a second. Its acts of afterwards, in the belief that it still holds the lease, do not count: each shows
 * the number of its lease in its own transaction.
 */
const TURN_MS = 1_000;
/** A lease is not renewed for a process that has done nothing for this long while something was due. */
const STUCK_MS = 10_000;
/** Any answer to the few statements on this session comes by then, or the session has died. */
const ANSWER_MS = 5_000;
/** Nothing that was due has been done for so long: nobody keeps time. */
const UNKEPT_MS = 15_000;

/** A turn of the process that keeps time. */
export interface Turn {
  /** Proof that this process keeps time, for `fenceOf`. */
  fencing: number;
  /** To be called after each act: a turn with much to do may take long, as long as something is done. */
  progress(): void;
}

export interface TimekeeperOptions {
  url: string;
  /** Does what is due now; called about every second, by the leader alone, never twice at once. */
  tick(turn: Turn): Promise<void>;
  /** Does what should have been done a while ago, whoever leads; called about every second, by all others. */
  overdue(): Promise<void>;
  /** Gets PostgreSQL's time, and how long the answer took, with every look at the lease. */
  onTime(now: Date, roundTripMs: number): void;
  /** Whether the clock of this machine allows it to keep time. */
  isFit(): boolean;
  onError(error: unknown): void;
}

/** The lease of this process, which ends by itself. */
interface Lease {
  fencing: number;
  endsAt: number;
}

export class Timekeeper {
  readonly #options: TimekeeperOptions;
  readonly #id = randomUUID();
  #client: Client | undefined;
  #lease: Lease | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #working: Promise<void> | undefined;
  #progressAt = 0;
  #hasKept = false;
  /** Whether it gives the lease back with the next look. */
  #resigns = false;
  #startedAt: number | undefined;
  /** When everything was done last, by this process's own clock. */
  #keptAt: number | undefined;
  #closed = false;

  constructor(options: TimekeeperOptions) {
    this.#options = options;
  }

  /** Whether this process leads. */
  get leads(): boolean {
    return this.#lease !== undefined && performance.now() < this.#lease.endsAt;
  }

  /** How long ago everything that was due had been done, by whichever process; NaN until that is known. */
  get ageSeconds(): number {
    return this.#keptAt === undefined ? Number.NaN : (performance.now() - this.#keptAt) / 1000;
  }

  /** Why what is due may not happen, in words; undefined while somebody keeps time. */
  get fault(): string | undefined {
    const since = Math.max(this.#startedAt ?? performance.now(), this.#keptAt ?? 0);
    const age = performance.now() - since;
    return age > UNKEPT_MS ? `nobody has kept time for ${Math.round(age / 1000)} s` : undefined;
  }

  start(): void {
    this.#startedAt = performance.now();
    this.#schedule(0);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#running;
    await this.#working;
    if (this.#client) await this.#stepDown(sqlPrepared(this.#client, ANSWER_MS)).catch(() => undefined);
    await this.#endSession();
  }

  #schedule(delay: number): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#turn().finally(() => this.#schedule(TURN_MS));
    }, delay);
  }

  async #turn(): Promise<void> {
    try {
      await this.#look(await this.#session());
    } catch (error) {
      // The lease stays for as long as it lasts: the next session renews it.
      await this.#endSession();
      if (!this.#closed) this.#options.onError(error);
    }
    if (this.#closed) return;
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  async #look(sql: Sql): Promise<void> {
    const { onTime, isFit } = this.#options;
    const mayLead = isFit() && !this.#isStuck() && !this.#resigns;
    if (!mayLead && (this.#lease || this.#resigns)) await this.#stepDown(sql);
    const sentAt = performance.now();
    const hasKept = this.#hasKept;
    const candidate = { id: this.#id, fencing: this.#lease?.fencing ?? null, mayLead, hasKept };
    const { fencing, ageMs, now, roundTripMs } = await lookAtLease(sql, candidate);
    if (hasKept) this.#hasKept = false;
    this.#keptAt = performance.now() - ageMs;
    this.#lease = fencing === null || this.#resigns ? undefined : { fencing, endsAt: sentAt + TIME_LEASE_MS };
    onTime(now, roundTripMs);
  }

  /** Whether this process has begun something and gets nothing of it done. */
  #isStuck(): boolean {
    return this.#working !== undefined && performance.now() - this.#progressAt > STUCK_MS;
  }

  async #work(): Promise<void> {
    const { tick, overdue, onError } = this.#options;
    const progress = () => {
      this.#progressAt = performance.now();
    };
    progress();
    const fencing = this.leads ? this.#lease?.fencing : undefined;
    try {
      if (fencing === undefined) return await overdue();
      await tick({ fencing, progress });
      this.#hasKept = true;
    } catch (error) {
      if (!this.#closed) onError(error);
      // Another process may do better.
      if (fencing !== undefined) this.#resigns = true;
    }
  }

  /** Leads no more, and gives the lease back where this process still has it. */
  async #stepDown(sql: Sql): Promise<void> {
    this.#lease = undefined;
    this.#hasKept = false;
    await returnTime(sql, this.#id);
    this.#resigns = false;
  }

  async #session(): Promise<Sql> {
    if (!this.#client) {
      const client = new Client({
        ...sessionSettings(this.#options.url),
        query_timeout: ANSWER_MS,
        application_name: 'tocsin timekeeper',
      });
      // Kept from the start: a session that fails to open is ended as well.
      this.#client = client;
      client.on('error', () => undefined);
      client.on('end', () => {
        if (this.#client === client) this.#client = undefined;
      });
      await client.connect();
    }
    return sqlPrepared(this.#client, ANSWER_MS);
  }

  async #endSession(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }
}
