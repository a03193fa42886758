import { createHash, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { v7 as uuid } from 'uuid';
import type { Clock } from '../clock.ts';
import type { Sql } from '../database/sql.ts';
import { HubError } from '../errors.ts';
import { beginSession, endSession, endSessionOf, touchSession } from './desk-session.commands.ts';
import { type OpenSession, openAmong, sessionOf } from './desk-session.queries.ts';
import type { SignedIn } from './issuer-client.ts';
import type { Sealed } from './sealed.ts';
import { idleEnd, type SessionTimes } from './session.rules.ts';

/** Where every hub hears by NOTIFY which session of the desk was ended; the message is its id. */
export const DESK_SESSION_CHANNEL = 'tocsin_desk_session';

/** An open session as this hub knows it. Times in milliseconds since 1970. */
export interface DeskSessionKnown extends Readonly<Pick<OpenSession, 'id' | 'issuer' | 'subject' | 'name' | 'signs'>> {
  readonly endsAt: number;
  seenAt: number;
  /** Null where the issuer gave nothing to renew it with. */
  renewAt: number | null;
}

export interface DeskSessionsOptions {
  sql: Sql;
  clock: Clock;
  times: SessionTimes;
  onError(error: unknown): void;
}

/** A session that begins, as its browser is told of it. */
export interface Begun {
  id: string;
  /** For the cookie; nobody else ever sees it. */
  secret: string;
  seconds: number;
}

/** As much as no desk has people. */
const MOST_KNOWN = 5_000;
const SECRET_BYTES = 32;
const SECRET = /^[\w-]{43}$/;
/** How often it is written down that a person is there, and how late another hub may know it. */
const TOUCH_MS = 60_000;
/** How often sessions with an open socket are looked at. */
const LOOK_MS = 1_000;

/**
 * The sessions of the desk. PostgreSQL has them, for every hub; each hub remembers those that it has seen, so that a request
 * costs no statement, and hears of an end at once. While PostgreSQL is away, those that it remembers go on until their times end.
 */
export class DeskSessions {
  readonly #options: DeskSessionsOptions;
  readonly #known = new LRUCache<string, DeskSessionKnown>({ max: MOST_KNOWN });
  readonly #open = new Map<string, { session: DeskSessionKnown; ends: Set<() => void> }>();
  readonly #looking: NodeJS.Timeout;
  /** How many ends were heard of. */
  #heard = 0;
  /** Whether an end may have been missed. */
  #isUnsure = false;
  #onUse: (session: DeskSessionKnown) => void = () => undefined;

  constructor(options: DeskSessionsOptions) {
    this.#options = options;
    this.#looking = setInterval(() => void this.#look(), LOOK_MS);
  }

  get times(): SessionTimes {
    return this.#options.times;
  }

  close(): void {
    clearInterval(this.#looking);
  }

  /** To be told of each session that is used, or has a socket open. */
  set onUse(listener: (session: DeskSessionKnown) => void) {
    this.#onUse = listener;
  }

  /** Begins a session, and ends the one that its browser had before (`replaces`, the hash of its secret). */
  async begin(
    { person, signs, issuerSession, tokens }: SignedIn,
    { sealed, replaces }: { sealed: Sealed | undefined; replaces: string | undefined },
  ): Promise<Begun> {
    const { sql, clock, times } = this.#options;
    const id = uuid();
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const at = clock.now();
    const { refreshToken, idToken, expiresInSeconds } = tokens;
    const [refresh, hint] = await Promise.all([
      refreshToken === null || !sealed ? null : sealed.seal({ token: refreshToken }, { use: 'refresh', of: id }),
      idToken === null || !sealed ? null : sealed.seal({ token: idToken }, { use: 'id', of: id }),
    ]);
    await beginSession(sql, {
      id,
      secretHash: hashOf(secret),
      person,
      signs,
      issuerSession,
      at,
      endsAt: new Date(at.getTime() + times.longestHours * 3_600_000),
      refreshToken: refresh,
      idToken: hint,
      renewAt: refresh === null ? null : new Date(at.getTime() + expiresInSeconds * 1_000),
    });
    if (replaces !== undefined) await endSessionOf(sql, replaces, at);
    return { id, secret, seconds: times.longestHours * 3_600 };
  }

  /** The open session of a secret. Throws UNAUTHENTICATED where there is none, or not any more. */
  async find(secret: string | undefined): Promise<DeskSessionKnown> {
    const hash = secret !== undefined && SECRET.test(secret) ? hashOf(secret) : undefined;
    const session = hash && (this.#known.get(hash) ?? (await this.#read(hash)));
    if (!session) throw over();
    await this.used(session);
    return session;
  }

  /** The person of a session asks for something. Throws UNAUTHENTICATED where it is over. */
  async used(session: DeskSessionKnown): Promise<void> {
    const { sql, clock, times } = this.#options;
    const now = clock.now();
    const isOver = now.getTime() >= idleEnd(session, times);
    if (isOver || now.getTime() - session.seenAt >= TOUCH_MS) {
      try {
        const touched = await touchSession(sql, session.id, now, times);
        if (touched) learn(session, touched);
        else this.#forget(session.id);
      } catch (error) {
        // Nobody can tell just now whether it was used at another hub.
        if (isOver) throw error;
        this.#options.onError(error);
      }
      if (now.getTime() >= idleEnd(session, times)) throw over();
    }
    this.#onUse(session);
  }

  /** Has a socket end as soon as its session does, or at once where it has; answers how to stop. */
  endsWith(session: DeskSessionKnown, end: () => void): () => void {
    if (!this.#isKnown(session)) {
      end();
      return () => undefined;
    }
    const { ends } = this.#open.get(session.id) ?? { ends: new Set<() => void>() };
    this.#open.set(session.id, { session, ends: ends.add(end) });
    return () => {
      ends.delete(end);
      if (ends.size === 0 && this.#open.get(session.id)?.ends === ends) this.#open.delete(session.id);
    };
  }

  /** Ends a session at every hub; answers its refresh token, encrypted. `leaves`: its person goes on to the issuer. */
  async end(id: string, leaves = false): Promise<string | null> {
    const { sql, clock } = this.#options;
    const ended = await endSession(sql, id, clock.now(), leaves);
    this.#forget(id);
    return ended?.refreshToken ?? null;
  }

  /** To be called with the message of a NOTIFY, or without one after messages may have been missed. */
  hear(id?: string): void {
    this.#heard += 1;
    if (id) this.#forget(id);
    else this.#isUnsure = true;
    void this.#look();
  }

  async #read(hash: string): Promise<DeskSessionKnown | undefined> {
    for (;;) {
      const heard = this.#heard;
      const found = await sessionOf(this.#options.sql, hash);
      // An end that was heard of meanwhile may be of this session, and later than what was read.
      if (heard !== this.#heard) continue;
      if (!found) return undefined;
      const { seenAt, endsAt, renewAt, ...rest } = found;
      const session = { ...rest, seenAt: seenAt.getTime(), endsAt: endsAt.getTime(), renewAt: timeOf(renewAt) };
      const first = this.#known.get(hash) ?? session;
      this.#known.set(hash, first);
      return first;
    }
  }

  #isKnown(session: DeskSessionKnown): boolean {
    return this.#known.values().some((known) => known === session);
  }

  #forget(id: string): void {
    for (const [hash, session] of this.#known.entries())
      if (session.id === id) {
        this.#known.delete(hash);
        session.seenAt = Number.NEGATIVE_INFINITY;
      }
    const open = this.#open.get(id);
    this.#open.delete(id);
    for (const end of open?.ends ?? []) end();
  }

  /** Ends the sockets of sessions that are over, and tells of those that go on. */
  async #look(): Promise<void> {
    const { clock, times } = this.#options;
    const now = clock.now().getTime();
    const sessions = [...this.#open.values()].map(({ session }) => session);
    const late = sessions.filter((session) => now >= idleEnd(session, times));
    if (this.#isUnsure) this.#isUnsure = !(await this.#check([...this.#known.values(), ...sessions]));
    // Their persons may have asked another hub for something.
    else if (late.length > 0) await this.#check(late);
    for (const session of late) if (now >= idleEnd(session, times)) this.#forget(session.id);
    for (const session of sessions) if (this.#open.has(session.id)) this.#onUse(session);
  }

  /** Forgets those of some sessions that were ended, whatever this hub has heard; answers whether PostgreSQL could be asked. */
  async #check(sessions: readonly DeskSessionKnown[]): Promise<boolean> {
    if (sessions.length === 0) return true;
    try {
      const ids = sessions.map(({ id }) => id);
      const open = new Map((await openAmong(this.#options.sql, ids)).map((one) => [one.id, one]));
      for (const session of sessions) {
        const found = open.get(session.id);
        if (found) learn(session, found);
        else this.#forget(session.id);
      }
      return true;
    } catch (error) {
      this.#options.onError(error);
      return false;
    }
  }
}

const over = (): HubError => new HubError('UNAUTHENTICATED', 'this session is over: sign in again');

export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

const timeOf = (at: Date | null): number | null => at?.getTime() ?? null;

function learn(session: DeskSessionKnown, { seenAt, renewAt }: Pick<OpenSession, 'seenAt' | 'renewAt'>): void {
  session.seenAt = Math.max(session.seenAt, seenAt.getTime());
  session.renewAt = timeOf(renewAt);
}
