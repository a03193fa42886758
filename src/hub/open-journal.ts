import path from 'node:path';
import { migrations } from '../../migrations/list.ts';
import { admissionsOf, DEVELOPMENT_ISSUER, recallAccount, resolveAccount } from '../access/account.queries.ts';
import { ACCOUNT_CHANNEL, AccountDirectory, type Visitor } from '../access/account-directory.ts';
import { keysByHash, noteUse } from '../access/keys/api-key.queries.ts';
import { KeyRing } from '../access/keys/key-ring.ts';
import { type Opening, SEALED_CHANNEL } from '../access/sealed/sealed-key.queries.ts';
import { Board } from '../board/board.ts';
import type { PublicReads } from '../board/public-reads.ts';
import { readPublic } from '../board/snapshot/load.ts';
import { lastSnapshot, snapshotOrigin } from '../board/snapshot/snapshot.ts';
import { SnapshotKeeper } from '../board/snapshot/snapshot-keeper.ts';
import { CapFolder } from '../channels/cap/cap-folder.ts';
import { CapShelf } from '../channels/cap/cap-shelf.ts';
import { type Database, openDatabase } from '../database/connection.ts';
import { DatabaseGate } from '../database/gate.ts';
import { asHubError, isLateAnswer } from '../database/outage.ts';
import { demandHubRole } from '../database/owner/hub-role.ts';
import { migrate } from '../database/owner/migrate.ts';
import { START_MS } from '../database/session.ts';
import { type Sql, sqlOver } from '../database/sql.ts';
import { Turns } from '../database/turns.ts';
import { WriteProbe } from '../database/write-probe.ts';
import { DeskFeed } from '../editorial/desk-changes/desk-feed.ts';
import { entities } from '../entities.ts';
import { Pages } from '../journal/pages.ts';
import type { RecentLimits } from '../journal/recent-entries.ts';
import { Tail } from '../journal/tail.ts';
import { AUDIT_CHANNEL } from '../office/audit.commands.ts';
import type { PublicDocument } from '../publications/document.ts';
import { DESK_SESSION_CHANNEL, DeskSessions } from '../sign-in/desk-sessions.ts';
import { DEFAULT_SESSION_TIMES } from '../sign-in/session.rules.ts';
import type { Start } from './options.ts';

/** The record of what is public, and what is read from it. */
export interface OpenJournal {
  database: DatabaseGate;
  /** Whether PostgreSQL would take a write. */
  probe: WriteProbe;
  /** How many connections of the pool were cut because they had died without a word. */
  cuts(): number;
  reads: PublicReads;
  shelf: CapShelf;
  /** The accounts that this hub has let in. */
  accounts: AccountDirectory;
  /** The keys of machines that this hub has let in. */
  keys: KeyRing;
  /** The sessions of people who signed in with a browser. */
  sessions: DeskSessions;
  /** The changes at the desk, from the audit log. */
  deskFeed: DeskFeed;
  /**
   * Settles once what is public is shown: as PostgreSQL has it, or, while that is away, as the last snapshot has it. Rejects
   * where there is neither.
   */
  readable: Promise<void>;
  /** Brings the database up to date, reads what is public, and opens the database to the rest of the hub. */
  arrive(): Promise<void>;
}

const RECENT: RecentLimits = { entries: 10_000, bytes: 128 * 2 ** 20 };
/** Connections of the pool on which what is public is read; the others are the desk's. */
const PUBLIC_CONNECTIONS = 3;
/** Pages of the table take this part of what the newest entries may take. */
const PAGES_SHARE = 1 / 4;
const SWEEP_MS = 60_000;

/**
 * Database, journal, board, CAP messages. PostgreSQL reads and sends what is public while the hub goes on with what does
 * not need it: nobody may be let in before `readable` has settled. While PostgreSQL is away, `arrive` is to be called later.
 */
export async function openJournal(start: Start): Promise<OpenJournal> {
  const { options, publicUrl, clock } = start;
  const { recent = RECENT, retentionDays, territory } = options;
  const opened = await openPool(start);
  const database = new DatabaseGate(opened);
  const probe = openProbe(start, opened);
  const deskFeed = new DeskFeed(database.sql);
  const accounts = openAccounts(start, database);
  const keys = openKeys(start, database);
  const sessions = openSessions(start, database);
  const tail = openTail(start, recent, { deskFeed, probe, accounts, keys, sessions });
  const board = openBoard(start, tail);
  const arrive = async () => {
    await migrate({ url: options.databaseUrl, migrations, log: (line) => options.logger.info(line) });
    if (options.demandsHubRole) await demandHubRole(sqlOver(opened.pool));
    await tail.start();
    database.open();
  };
  const filled = arriveOrShow(arrive, (error) => showLastSnapshot(start, tail, board, error));
  const turns = new Turns(options.publicConnections ?? PUBLIC_CONNECTIONS);
  const inTurn: PublicReads['inTurn'] = (work) => turns.take(work);
  const sql: Sql = (...query) => turns.take(() => database.sql(...query));
  const pages = new Pages<PublicDocument>(sql, Math.ceil(recent.bytes * PAGES_SHARE));
  const reads = { board, territory, journal: { tail, pages, sql, clock, retentionDays }, inTurn, publicUrl };
  const shelf = openShelf(start, reads);
  // The shelf follows from here on: while the database is closed to it, it would read every message from its folder.
  const readable = filled.then(() => followBoard(shelf, tail));
  // Where a later opener fails first, `createApp` throws that error and nobody waits for this one.
  readable.catch(() => undefined);
  return {
    database,
    probe,
    cuts: () => opened.cuts,
    reads,
    shelf,
    accounts,
    keys,
    sessions,
    deskFeed,
    readable,
    arrive,
  };
}

async function openPool({ options, closing }: Start): Promise<Database> {
  const { databaseUrl: url, poolSize = 10, logger } = options;
  const database = await openDatabase({ url, entities, poolSize, log: (line) => logger.debug(line) });
  closing.push(() => database.close());
  return database;
}

function openProbe({ closing, databaseClock, warn }: Start, database: Database): WriteProbe {
  const probe = new WriteProbe(database, {
    onTime: (now, roundTripMs) => databaseClock?.hear(now, roundTripMs),
    onError: warn('PostgreSQL would take no write'),
  });
  closing.push(() => probe.close());
  return probe;
}

function openAccounts({ options, closing, warn }: Start, { em, sql }: DatabaseGate): AccountDirectory {
  const { rolesFrom = 'accounts' } = options;
  const resolve = async (visitor: Visitor) => {
    if (visitor.issuer === DEVELOPMENT_ISSUER) return resolveAccount(em(), visitor, visitor.roles);
    return rolesFrom === 'token' ? resolveAccount(em(), visitor) : recallAccount(em(), visitor);
  };
  const accounts = new AccountDirectory({
    rolesFrom,
    resolve,
    admissionsOf: (ids) => admissionsOf(sql, ids),
    onError: warn('accounts cannot be read'),
  });
  closing.push(() => accounts.close());
  return accounts;
}

function openKeys({ clock, closing, warn }: Start, { sql }: DatabaseGate): KeyRing {
  const keys = new KeyRing({
    find: (hashes) => keysByHash(sql, hashes),
    noteUse: (id) => noteUse(sql, id),
    clock,
    onError: warn('keys of machines cannot be read, or their use written down'),
  });
  closing.push(() => keys.close());
  return keys;
}

function openSessions({ options, closing, clock, warn }: Start, { sql }: DatabaseGate): DeskSessions {
  const { times = DEFAULT_SESSION_TIMES } = options.desk ?? {};
  const sessions = new DeskSessions({ sql, clock, times, onError: warn('sessions of the desk cannot be read') });
  closing.push(() => sessions.close());
  return sessions;
}

function openTail(
  { options, closing, warn }: Start,
  recent: RecentLimits,
  {
    deskFeed,
    probe,
    accounts,
    keys,
    sessions,
  }: Pick<OpenJournal, 'deskFeed' | 'probe' | 'accounts' | 'keys' | 'sessions'>,
): Tail<PublicDocument> {
  const tail = new Tail<PublicDocument>({
    url: options.databaseUrl,
    recent,
    otherChannels: {
      [AUDIT_CHANNEL]: () => deskFeed.refresh(),
      [ACCOUNT_CHANNEL]: (id) => {
        // A machine that comes back as soon as its session has ended is judged anew.
        keys.hear(id);
        accounts.hear(id);
      },
      [DESK_SESSION_CHANNEL]: (id) => sessions.hear(id),
      [SEALED_CHANNEL]: (opened) => {
        if (opened) tellOpening(options.logger, JSON.parse(opened));
      },
    },
    onError: warn('the journal cannot be read'),
    readWhole: readPublic,
    isReadOnly: () => probe.readOnly,
  });
  closing.push(() => tail.close());
  tail.onRead(() => deskFeed.refresh());
  tail.onRestart(() => void deskFeed.restart().catch(warn('the audit log cannot be read')));
  return tail;
}

/** Operators who watch the log of any hub learn at once that somebody came in without an issuer. */
const tellOpening = (logger: Start['options']['logger'], opening: Opening): void =>
  logger.error({ ...opening }, 'a sealed key was opened: somebody acts as duty officer without an issuer');

/** The board follows the journal, and the snapshot on disk follows the board. */
function openBoard({ options, closing, clock, warn }: Start, tail: Tail<PublicDocument>): Board {
  const board = new Board(clock);
  tail.listen((batch) => {
    for (const entry of batch) board.apply(entry);
  });
  tail.onWhole((entries) => board.replace(entries));
  const sweeper = setInterval(() => board.sweep(), SWEEP_MS);
  closing.push(() => clearInterval(sweeper));
  const { file, writes } = options.snapshot ?? {};
  if (file && writes) {
    const origin = snapshotOrigin(options.databaseUrl);
    const onError = warn('the snapshot of what is public cannot be written');
    const keeper = new SnapshotKeeper({ file, origin, tail, board, clock, onError });
    closing.push(() => keeper.close());
  }
  return board;
}

/**
 * Arrives, or shows what was public last. Where there is nothing to show and PostgreSQL only answers too late, it tries again,
 * for half a minute: then it throws what PostgreSQL said.
 */
async function arriveOrShow(arrive: () => Promise<void>, show: (error: unknown) => Promise<void>): Promise<void> {
  const deadline = performance.now() + START_MS;
  const mayWait = (error: unknown) => isLateAnswer(error) && performance.now() < deadline;
  for (;;) {
    try {
      return await arrive().catch(show);
    } catch (error) {
      if (!mayWait(error)) throw error;
    }
  }
}

/** Shows what was public last where PostgreSQL is away; throws the error where it is another, or nothing is known. */
async function showLastSnapshot(
  { options }: Start,
  tail: Tail<PublicDocument>,
  board: Board,
  error: unknown,
): Promise<void> {
  const { databaseUrl, logger, snapshot } = options;
  if (!snapshot || asHubError(error)?.code !== 'UNAVAILABLE') throw error;
  const { file } = snapshot;
  const known = await lastSnapshot(file, snapshotOrigin(databaseUrl), (why) =>
    logger.warn({ file }, `the snapshot of what was public is left aside: ${why}`),
  );
  if (!known) throw error;
  tail.standAt(known);
  board.replace(known.entries);
  logger.warn({ err: error, asOf: known.takenAt }, 'PostgreSQL is away: what was public last is shown');
}

/** The signed CAP messages; where a snapshot is kept, so are they, beside it. */
function openShelf({ options, warn }: Start, reads: PublicReads): CapShelf {
  const { file, writes = false } = options.snapshot ?? {};
  const folder = file ? new CapFolder(path.join(path.dirname(file), 'cap'), writes) : undefined;
  return new CapShelf(reads, folder, warn('CAP messages cannot be kept on disk'));
}

/** The signed CAP messages follow the board from now on. */
function followBoard(shelf: CapShelf, tail: Tail<PublicDocument>): void {
  tail.onRead(() => void shelf.keepUp());
  void shelf.keepUp();
}
