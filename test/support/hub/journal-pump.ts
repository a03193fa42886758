import { setTimeout as pause } from 'node:timers/promises';
import { CHANNEL } from '../../../src/journal/listen.ts';
import { withSession } from '../database/cluster.ts';

/** How long it rests between two transactions, in milliseconds: as many changes as no Département ever had. */
const REST_MS = 10;

/**
 * Confirms one publication again and again, past every hub, so that changes come while hubs are cut off or dead. It goes on
 * while the database is away; what was committed stands in the journal. `verifiedAt` tells when each change was written, to the
 * millisecond, since `at` tells only the second.
 */
export class JournalPump {
  readonly #url: string;
  readonly #publication: string;
  #running: Promise<void> | undefined;
  #stopped = false;
  /** How many transactions it was told have been committed. */
  commits = 0;

  constructor(url: string, publication: string) {
    this.#url = url;
    this.#publication = publication;
  }

  start(): this {
    this.#stopped = false;
    this.#running = this.#pump();
    return this;
  }

  /** Resolves when so many more transactions have been committed. */
  async more(commits: number): Promise<void> {
    const enough = this.commits + commits;
    while (this.commits < enough) await pause(REST_MS);
  }

  /** Stops, and answers the last position of the journal. */
  async stop(): Promise<number> {
    this.#stopped = true;
    await this.#running;
    return headOf(this.#url);
  }

  async #pump(): Promise<void> {
    while (!this.#stopped) {
      await confirm(
        this.#url,
        this.#publication,
        () => this.#stopped,
        () => this.#committed(),
      ).catch(() => undefined);
      await pause(REST_MS);
    }
  }

  #committed(): void {
    this.commits += 1;
  }
}

async function confirm(url: string, publication: string, stopped: () => boolean, committed: () => void): Promise<void> {
  await withSession(url, async (session) => {
    while (!stopped()) {
      await session.query(
        `insert into journal_entry (id, position, subject, type, at, changed_fields, ring, document)
         select gen_random_uuid(), null, e.subject, 'VERIFIED', now(),
           '{verifiedAt}', false,
           jsonb_set(e.document, '{verifiedAt}', to_jsonb(to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
         from (select * from journal_entry where subject = $1 order by position desc limit 1) e, generate_series(1, 3)`,
        [publication],
      );
      committed();
      await session.query(`notify ${CHANNEL}`);
      await pause(REST_MS);
    }
  });
}

/** The last position of a journal. */
export const headOf = (url: string): Promise<number> =>
  withSession(url, async (session) => {
    const { rows } = await session.query<{ last: number }>('select max(position)::int as last from journal_entry');
    return rows[0]?.last ?? 0;
  });
