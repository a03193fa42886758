import { Client } from 'pg';
import { sessionSettings } from '../database/session.ts';
import { isTooLate, type Sql, sqlPrepared } from '../database/sql.ts';

export const CHANNEL = 'tocsin_journal';
const HEARTBEAT_MS = 10_000;
/**
 * A statement that reads one page, or nothing, is answered by then, or the session has died: the publisher waits for the tail,
 * and followers must hear that PostgreSQL is away.
 */
const SOON_MS = 5_000;
/** All that is public may be many megabytes. */
const WHOLE_MS = 60_000;
const RETRY_MS = 500;

export interface ListenOptions {
  url: string;
  /**
   * The function to call with the message of each NOTIFY on a channel; also after each reconnection, without a message, since
   * some may have been missed.
   */
  channels: Readonly<Record<string, (message?: string) => void>>;
  onState(connected: boolean): void;
}

/**
 * A session of its own that listens for notifications and runs the tail's reads, so that the tail never queues behind the
 * writers' pool. It reconnects by itself for ever, until closed.
 */
export class ListenSession {
  readonly #options: ListenOptions;
  #client: Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ListenOptions) {
    this.#options = options;
  }

  /**
   * Reads over this session, one statement after the other; undefined while it is not connected. `page` gives the session up
   * where an answer takes five seconds, `whole` where it takes a minute.
   */
  get sql(): { page: Sql; whole: Sql } | undefined {
    const client = this.#client;
    if (!client) return undefined;
    return { page: this.#over(client, SOON_MS), whole: this.#over(client, WHOLE_MS) };
  }

  /** A statement that fails leaves the session; only a session that answers too late is given up, because it may be dead. */
  #over(client: Client, milliseconds: number): Sql {
    const sql = sqlPrepared(client, milliseconds);
    return (...query) =>
      this.#inTurn(async () => {
        try {
          return await sql(...query);
        } catch (error) {
          if (isTooLate(error)) this.#lost(client);
          throw error;
        }
      });
  }

  async open(): Promise<void> {
    const client = new Client({
      ...sessionSettings(this.#options.url),
      query_timeout: SOON_MS,
      application_name: 'tocsin tail',
    });
    client.on('error', () => this.#lost(client));
    client.on('end', () => this.#lost(client));
    const { channels } = this.#options;
    client.on('notification', ({ channel, payload }) => channels[channel]?.(payload));
    try {
      await client.connect();
      for (const channel of Object.keys(channels)) await client.query(`listen ${channel}`);
    } catch (error) {
      client.end().catch(() => {});
      throw error;
    }
    // Another call may have opened a session meanwhile.
    if (this.#closed || this.#client) return void client.end().catch(() => {});
    this.#client = client;
    this.#options.onState(true);
    for (const onNotify of Object.values(channels)) onNotify();
    this.#beat(client);
  }

  /** A session runs one statement at a time; the next one waits here, not inside the driver. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const answer = this.#last.then(work);
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => {});
  }

  /** A half-open connection stays silent for ever: only a statement shows that PostgreSQL is gone. */
  #beat(client: Client): void {
    this.#timer = setTimeout(async () => {
      try {
        await this.#inTurn(() => client.query('select 1'));
        this.#beat(client);
      } catch {
        this.#lost(client);
      }
    }, HEARTBEAT_MS);
  }

  #lost(client: Client): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    clearTimeout(this.#timer);
    client.end().catch(() => {});
    this.#options.onState(false);
    this.#reconnect();
  }

  #reconnect(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(
      () => {
        this.open().catch(() => this.#reconnect());
      },
      RETRY_MS * (0.5 + Math.random()),
    );
  }
}
