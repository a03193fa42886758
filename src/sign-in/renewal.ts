import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { Sql } from '../database/sql.ts';
import { keepRenewed, postponeRenewal, type Renewed, takeRenewal } from './desk-session.commands.ts';
import type { DeskSessionKnown, DeskSessions } from './desk-sessions.ts';
import { type IssuerClient, type IssuerTokens, NoLongerVouched } from './issuer-client.ts';
import type { Sealed } from './sealed.ts';

export interface RenewalOptions {
  sql: Sql;
  clock: Clock;
  sessions: DeskSessions;
  issuer: IssuerClient;
  sealed: Sealed;
  onError(error: unknown): void;
  /** Told of a session that the issuer ended. */
  onRefused(session: DeskSessionKnown): void;
}

/** An issuer that is away is asked again after this long; the session goes on meanwhile. */
const AGAIN_MS = 30_000;
/** For this long it is tried to write down what the issuer gave: its former tokens may be worth nothing any more. */
const KEEPING_TRIES = 20;
const KEEPING_PAUSE_MS = 500;

/**
 * Asks the issuer of each session that is used whether it still vouches for the person, as soon as what it gave before has run
 * out: one hub at a time, since many issuers take each refresh token once. A session for which it does not is ended.
 */
export class Renewal {
  readonly #options: RenewalOptions;
  readonly #underWay = new Set<string>();
  readonly #closing = new AbortController();

  constructor(options: RenewalOptions) {
    this.#options = options;
  }

  close(): void {
    this.#closing.abort();
  }

  /** Renews a session whose time has come, in its own time: no request waits for the issuer. */
  look(session: DeskSessionKnown): void {
    const { clock, onError } = this.#options;
    const now = clock.now().getTime();
    if (session.renewAt === null || now < session.renewAt || this.#underWay.has(session.id)) return;
    this.#underWay.add(session.id);
    void this.#renew(session)
      .catch(onError)
      .finally(() => this.#underWay.delete(session.id));
  }

  async #renew(session: DeskSessionKnown): Promise<void> {
    const { sql, clock, sealed, issuer, sessions, onRefused } = this.#options;
    const later = new Date(clock.now().getTime() + AGAIN_MS);
    session.renewAt = later.getTime();
    const taken = await takeRenewal(sql, session.id, clock.now());
    // Another hub is at it, or was: what it heard is read at the next look.
    if (taken === undefined) return;
    try {
      const token = tokenIn(await sealed.open(taken, { use: 'refresh', of: session.id }));
      // Encrypted with another secret than today's: the issuer does not know that client any more.
      if (token === undefined) throw new NoLongerVouched();
      const given = await issuer.renew(token, session.subject);
      const renewed = await this.#seal(session.id, given);
      await this.#keep(session.id, renewed);
      session.renewAt = renewed.renewAt?.getTime() ?? null;
    } catch (error) {
      if (!(error instanceof NoLongerVouched)) {
        await postponeRenewal(sql, session.id, later);
        throw error;
      }
      await sessions.end(session.id);
      onRefused(session);
    }
  }

  async #seal(id: string, { refreshToken, idToken, expiresInSeconds }: IssuerTokens): Promise<Renewed> {
    const { sealed, clock } = this.#options;
    return {
      refreshToken: await sealed.seal({ token: refreshToken }, { use: 'refresh', of: id }),
      idToken: idToken === null ? null : await sealed.seal({ token: idToken }, { use: 'id', of: id }),
      renewAt: new Date(clock.now().getTime() + expiresInSeconds * 1_000),
    };
  }

  async #keep(id: string, renewed: Renewed): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await keepRenewed(this.#options.sql, id, renewed);
        return;
      } catch (error) {
        if (attempt === KEEPING_TRIES || this.#closing.signal.aborted) throw error;
        await pause(KEEPING_PAUSE_MS, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      }
    }
  }
}

/** The token in what was sealed. */
export const tokenIn = (content: unknown): string | undefined =>
  typeof content === 'object' && content !== null && 'token' in content && typeof content.token === 'string'
    ? content.token
    : undefined;
