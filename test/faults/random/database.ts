import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { withDatabase, withSession } from '../../support/database/cluster.ts';
import { clusterOf, kill, startHolder, temporaryFolder } from '../../support/database/embedded.ts';
import { fillUp, smallDisk } from '../../support/database/small-disk.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import type { Entry } from './checker.ts';

/** Room for a long run, and little enough to be filled at once. */
const DISK_MB = 640;
/** A log of PostgreSQL that would fill the disk by itself is none. */
const WAL = '96MB';
const AGAIN_MS = 100;

/** A PostgreSQL of its own for a run, on a small disk where there can be one. It ends with the test. */
export class DatabaseUnderFaults {
  readonly url: string;
  /** Whether its disk can be filled. */
  readonly hasDisk: boolean;
  readonly #folder: string;
  readonly #journal: Entry[] = [];

  private constructor(url: string, folder: string, hasDisk: boolean) {
    this.url = url;
    this.#folder = folder;
    this.hasDisk = hasDisk;
  }

  static async open(): Promise<DatabaseUnderFaults> {
    const disk = await smallDisk(DISK_MB);
    const folder = disk ?? (await temporaryFolder());
    const { url } = await startHolder({ dataDir: folder });
    const database = new DatabaseUnderFaults(url, folder, disk !== undefined);
    await database.insist(`alter system set max_wal_size = '${WAL}'`, 'select pg_reload_conf()');
    return database;
  }

  /** Kills all of it at once. It is started again at once, too. */
  async killServer(): Promise<void> {
    const text = await readFile(path.join(clusterOf(this.#folder), 'postmaster.pid'), 'utf8').catch(() => '');
    kill(Number.parseInt(text, 10) || undefined);
  }

  /** Kills one process that works for a hub: PostgreSQL then throws all out, and recovers as after a crash. */
  async killSession(choice: number): Promise<void> {
    const sessions = await this.#sessions();
    kill(sessions[Math.min(sessions.length - 1, Math.floor(choice * sessions.length))]);
  }

  /** Ends every session in the database, as an administrator can. */
  async endSessions(): Promise<void> {
    await this.#once((session) =>
      session.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      ),
    ).catch(() => undefined);
  }

  async setReadOnly(value: 'on' | 'off'): Promise<void> {
    await this.insist(`alter system set default_transaction_read_only = ${value}`, 'select pg_reload_conf()');
  }

  /** Answers the function that makes room again. */
  fillDisk(): Promise<() => Promise<void>> {
    return fillUp(this.#folder);
  }

  /** The journal as far as it goes. Rows that were read before are not read again, until `anew`. */
  async journal({ anew = false } = {}): Promise<readonly Entry[]> {
    if (anew) this.#journal.length = 0;
    this.#journal.push(...(await this.#entriesAfter(this.#journal.at(-1)?.position ?? 0)));
    return this.#journal;
  }

  /** How often the audit log has each action of a person on each subject. */
  async deeds(): Promise<Map<string, number>> {
    const rows = await this.read<{ deed: string; count: string }>(
      `select action || ' ' || subject as deed, count(*) as count from audit_entry where actor is not null group by 1`,
    );
    return new Map(rows.map(({ deed, count }) => [deed, Number(count)]));
  }

  /** Runs statements, in time of trouble again and again. */
  async insist(...statements: string[]): Promise<void> {
    await this.#patiently(async (session) => {
      for (const statement of statements) await session.query(statement);
    });
  }

  read<R extends pg.QueryResultRow>(statement: string, values: unknown[] = []): Promise<R[]> {
    return this.#patiently(async (session) => (await session.query<R>(statement, values)).rows);
  }

  /** Reads in another database of the same server. */
  readIn<R extends pg.QueryResultRow>(name: string, statement: string): Promise<R[]> {
    return this.#patiently(async (session) => (await session.query<R>(statement)).rows, withDatabase(this.url, name));
  }

  async #entriesAfter(position: number): Promise<Entry[]> {
    const rows = await this.read<Row>(
      `select position::int, type, subject, (extract(epoch from at) * 1000)::float8 as at, (document->>'revision')::int as revision,
         document->'observed'->>'note' as note
       from journal_entry where position > $1 order by position`,
      [position],
    );
    return rows.map((row) => ({ ...row, told: toldOf(row), mark: markOf(row) }));
  }

  async #sessions(): Promise<number[]> {
    const { rows } = await this.#once((session) =>
      session.query<{ pid: number }>(
        'select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() order by pid',
      ),
    ).catch(() => ({ rows: [] }));
    return rows.map(({ pid }) => pid);
  }

  async #patiently<T>(work: (session: pg.Client) => Promise<T>, url = this.url): Promise<T> {
    const begun = performance.now();
    for (;;) {
      try {
        return await this.#once(work, url);
      } catch (error) {
        if (performance.now() - begun > PATIENCE_MS) throw error;
        await pause(AGAIN_MS);
      }
    }
  }

  #once<T>(work: (session: pg.Client) => Promise<T>, url = this.url): Promise<T> {
    return withSession(url, async (session) => {
      await session.query('set default_transaction_read_only = off');
      return work(session);
    });
  }
}

interface Row {
  position: number;
  type: string;
  subject: string;
  at: number;
  revision: number;
  note: string | null;
}

/** A change as one text: of a row of the journal, and of a follower's message the same. */
export const toldOf = ({ type, subject, revision, note }: Omit<Row, 'position' | 'at'>): string =>
  `${type} ${subject}, revision ${revision}${note ? `, ${note}` : ''}`;

/** A note is written once; a publication comes out once. */
const markOf = ({ type, subject, note }: Row): string =>
  type === 'OBSERVED' ? markOfNote(subject, note ?? '') : type === 'PUBLISHED' ? markOfPublishing(subject) : '';
export const markOfNote = (subject: string, note: string): string => `note ${note} of ${subject}`;
export const markOfPublishing = (subject: string): string => `publication of ${subject}`;
