import type { Sql } from '../../database/sql.ts';

/** Something that the desk did, or the clock for it: the id of a dossier, report or incident, and when. */
export interface DeskDeed {
  subject: string;
  at: Date;
}

type Listener = (deeds: readonly DeskDeed[]) => void;

const PAGE = 200;

/**
 * The changes at the desk, live, in every process: the audit log, read after each NOTIFY of an audit entry while a client
 * follows. It names subjects alone; each follower reads the subject with its own permissions.
 */
export class DeskFeed {
  readonly #sql: Sql;
  readonly #listeners = new Set<Listener>();
  #position = 0;
  #reading: Promise<void> | undefined;
  #again = false;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Hears every deed from now on, until the function that is answered is called. */
  async listen(listener: Listener): Promise<() => void> {
    if (this.#listeners.size === 0) {
      const [head] = await this.#sql<{ position: string }>('select position from audit_head where id = 1');
      // Somebody else may have begun to follow meanwhile: what they have not heard yet is not passed over.
      if (this.#listeners.size === 0) this.#position = Number(head?.position ?? 0);
    }
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Begins anew where the audit log stands now: the database was restored, so what was heard before may be told again. Listeners
   * hear of no deed, and may look at what they follow.
   */
  async restart(): Promise<void> {
    const [head] = await this.#sql<{ position: string }>('select position from audit_head where id = 1');
    this.#position = Number(head?.position ?? 0);
    for (const listener of this.#listeners) listener([]);
  }

  /** Reads what was added, if a client follows. A failed read is tried again after the next NOTIFY, or at the next poll of the journal. */
  refresh(): void {
    if (this.#listeners.size === 0) return;
    if (this.#reading) {
      this.#again = true;
      return;
    }
    this.#reading = this.#read()
      .catch(() => undefined)
      .finally(() => {
        this.#reading = undefined;
        if (!this.#again) return;
        this.#again = false;
        this.refresh();
      });
  }

  async #read(): Promise<void> {
    for (;;) {
      const rows = await this.#sql<{ position: string; subject: string | null; at: Date }>(
        'select position, subject, at from audit_entry where position > $1 order by position limit $2',
        [this.#position, PAGE],
      );
      const last = rows.at(-1);
      if (!last) return;
      this.#position = Number(last.position);
      const deeds = rows.flatMap(({ subject, at }) => (subject ? [{ subject, at }] : []));
      for (const listener of this.#listeners) listener(deeds);
    }
  }
}

/**
 * The feed as one follower pulls it: each subject waits at most once, so that a follower who stopped reading costs a row
 * for each thing that changed, whatever the number of changes.
 */
export async function followDesk(feed: DeskFeed, signal: AbortSignal): Promise<AsyncGenerator<DeskDeed, void>> {
  const waiting = new Map<string, DeskDeed>();
  let wake: () => void = () => undefined;
  const stop = await feed.listen((deeds) => {
    for (const deed of deeds) waiting.set(deed.subject, deed);
    wake();
  });
  signal.addEventListener('abort', () => wake(), { once: true });
  return (async function* () {
    try {
      while (!signal.aborted) {
        const [next] = waiting.values();
        if (next) {
          waiting.delete(next.subject);
          yield next;
          continue;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (signal.aborted) resolve();
        });
      }
    } finally {
      stop();
    }
  })();
}
