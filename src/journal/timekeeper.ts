import { Client } from 'pg';

/**
 * One process of all does what is due at a time (a start, an end, a scheduled publication): the one that holds an
 * advisory lock on a session of its own. The end of that session, a kill included, frees the lock, and another process
 * leads within a second.
 */
const LOCK = `hashtext('tocsin timekeeper')`;
const TICK_MS = 1_000;

export interface TimekeeperOptions {
  url: string;
  /** Does what is due now; called about every second, by the leader alone, never twice at once. */
  tick(): Promise<void>;
  onError(error: unknown): void;
}

export class Timekeeper {
  readonly #options: TimekeeperOptions;
  #client: Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: TimekeeperOptions) {
    this.#options = options;
  }

  /** Whether this process leads. */
  get leads(): boolean {
    return this.#client !== undefined;
  }

  start(): void {
    this.#schedule(0);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#running;
    await this.#step(undefined);
  }

  #schedule(delay: number): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#turn().finally(() => this.#schedule(TICK_MS));
    }, delay);
  }

  async #turn(): Promise<void> {
    try {
      if (!this.#client) await this.#tryToLead();
      if (!this.#client) return;
      // A statement on the session that holds the lock: if the session is gone, so is the lead.
      await this.#client.query('select 1');
      await this.#options.tick();
    } catch (error) {
      await this.#step(undefined);
      if (!this.#closed) this.#options.onError(error);
    }
  }

  async #tryToLead(): Promise<void> {
    const client = new Client({
      connectionString: this.#options.url,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      query_timeout: 10_000,
      application_name: 'tocsin timekeeper',
    });
    client.on('error', () => void this.#step(undefined));
    try {
      await client.connect();
      const { rows } = await client.query<{ led: boolean }>(`select pg_try_advisory_lock(${LOCK}) as led`);
      if (rows[0]?.led) return void (await this.#step(client));
      await client.end();
    } catch (error) {
      client.end().catch(() => {});
      throw error;
    }
  }

  async #step(client: Client | undefined): Promise<void> {
    const before = this.#client;
    this.#client = client;
    if (before && before !== client) await before.end().catch(() => {});
  }
}
