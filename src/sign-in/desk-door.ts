import type { IncomingMessage } from 'node:http';
import { type AccountDirectory, Uninvited, type Visitor } from '../access/account-directory.ts';
import type { Actor } from '../access/actor.ts';
import type { Authenticated } from '../access/authenticate.ts';
import { isThisMachine, peerOf } from '../access/peer.ts';
import { type TokenRules, withheldBySignIn } from '../access/token.rules.ts';
import { HubError } from '../errors.ts';
import type { DeskSessionKnown, DeskSessions } from './desk-sessions.ts';
import { cookieOf, SESSION_COOKIE } from './session.rules.ts';

/** The header that a page of the desk sends: no form can, and no other site may without asking first. */
export const DESK_HEADER = 'x-tocsin-desk';

export interface DeskDoorOptions {
  sessions: DeskSessions;
  accounts: Pick<AccountDirectory, 'admit'>;
  tokenRules: TokenRules;
  /** Base of the address that people type. */
  publicUrl: string;
  /** The issuer that people sign in with; undefined where there is none. */
  issuer: string | undefined;
  /** The personas of development, who sign in from this machine; none in production. */
  personas: readonly Visitor[];
  /** Looks at a secret, and counts and tells one that is not good. */
  checked<T>(request: IncomingMessage, secret: string | undefined, check: () => Promise<T>): Promise<T>;
}

/** Somebody at the desk, with a session. */
export interface AtTheDesk extends Omit<Authenticated, 'endsWith'> {
  session: DeskSessionKnown;
  /** Has a socket end with the session, or when the account changes; with words for the client where it was the session. */
  endsWith(end: (reason?: string) => void): () => void;
}

/**
 * The one door that reads a cookie. A browser adds a cookie by itself, whichever page asks; so whatever comes in here must show
 * that a page of this hub sent it: the cookie is SameSite=Strict, the header is ours, and the browser says `same-origin`.
 */
export class DeskDoor {
  readonly #options: DeskDoorOptions;
  readonly #origin: string;

  constructor(options: DeskDoorOptions) {
    this.#options = options;
    this.#origin = new URL(options.publicUrl).origin;
  }

  /** Throws FORBIDDEN for a request that no script of a page of this hub sent. */
  readonly demandOwnScript = (request: Pick<IncomingMessage, 'headers'>): void => {
    if (request.headers[DESK_HEADER] !== '1')
      throw new HubError('FORBIDDEN', `the desk is for its own page: send the header ${DESK_HEADER}: 1`);
    this.demandOwnPage(request);
  };

  /** Throws FORBIDDEN for a request that no page of this hub sent. */
  readonly demandOwnPage = ({ headers }: Pick<IncomingMessage, 'headers'>): void => {
    const { origin } = headers;
    if (headers['sec-fetch-site'] !== 'same-origin' || (origin !== undefined && origin !== this.#origin))
      throw new HubError('FORBIDDEN', 'the desk is for its own page: send Sec-Fetch-Site: same-origin, as browsers do');
  };

  /** Throws FORBIDDEN for a WebSocket that no page of this hub opens. Browsers cannot send a header of ours with it. */
  readonly demandOwnOrigin = ({ headers }: Pick<IncomingMessage, 'headers'>): void => {
    if (headers.origin !== this.#origin)
      throw new HubError('FORBIDDEN', `the desk is for its own page: the Origin must be ${this.#origin}`);
  };

  /** Finds the person who has signed in. Throws UNAUTHENTICATED where nobody has, and where their account is not let in. */
  readonly enter = (request: IncomingMessage): Promise<AtTheDesk> =>
    this.#checked(request, async (session) => this.#admit(session, request));

  /** The same; somebody whom nobody has given a role yet has a session, and is no actor. */
  present(request: IncomingMessage): Promise<{ session: DeskSessionKnown; actor: Actor | undefined }> {
    return this.#checked(request, async (session) => {
      try {
        return await this.#admit(session, request);
      } catch (error) {
        if (error instanceof Uninvited) return { session, actor: undefined };
        throw error;
      }
    });
  }

  /** Somebody does something over a socket that stands: the session goes on. */
  stays(session: DeskSessionKnown): void {
    // One that is over ends its sockets by itself.
    void this.#options.sessions.used(session).catch(() => undefined);
  }

  #checked<T>(request: IncomingMessage, work: (session: DeskSessionKnown) => Promise<T>): Promise<T> {
    const secret = cookieOf(request.headers.cookie, SESSION_COOKIE);
    return this.#options.checked(request, secret, async () => work(await this.#options.sessions.find(secret)));
  }

  /** The personas of development, for somebody who sits at this machine; none for anybody else. */
  personasFor(request: IncomingMessage): readonly Visitor[] {
    return isThisMachine(peerOf(request)) ? this.#options.personas : [];
  }

  /** The session of a request; undefined without a good one, whatever became of its account. */
  async sessionOf({ headers }: Pick<IncomingMessage, 'headers'>): Promise<DeskSessionKnown | undefined> {
    try {
      return await this.#options.sessions.find(cookieOf(headers.cookie, SESSION_COOKIE));
    } catch (error) {
      if (error instanceof HubError && error.code === 'UNAUTHENTICATED') return undefined;
      throw error;
    }
  }

  async #admit(session: DeskSessionKnown, request: IncomingMessage): Promise<AtTheDesk> {
    const { sessions, accounts, tokenRules } = this.#options;
    const { id, roles, endsWith } = await accounts.admit(this.#visitorOf(session, request));
    const withheld = withheldBySignIn({ amr: [...session.signs] }, tokenRules);
    return {
      actor: {
        id,
        name: session.name,
        roles: roles.filter((role) => !withheld.includes(role)),
        deskSession: session.id,
      },
      expiresAt: null,
      session,
      endsWith: (end) => {
        const stops = [endsWith(end), sessions.endsWith(session, () => end('The session has ended'))];
        return () => {
          for (const stop of stops) stop();
        };
      },
    };
  }

  /** Whose session it is, without a role: the issuer gives none at the desk. A persona's come with it. */
  #visitorOf({ issuer, subject, name }: DeskSessionKnown, request: IncomingMessage): Visitor {
    if (issuer === this.#options.issuer) return { issuer, subject, name, roles: [] };
    const persona = this.personasFor(request).find((one) => one.issuer === issuer && one.subject === subject);
    // An issuer that the hub trusted once, or a persona that came to another machine.
    if (!persona) throw new HubError('UNAUTHENTICATED', 'this session is over: sign in again');
    return persona;
  }
}
