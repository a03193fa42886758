import type { IncomingMessage } from 'node:http';
import type { Authenticated } from '../../access/authenticate.ts';
import type { Identify } from '../../access/identify.ts';
import type { DeskDoor } from '../../sign-in/desk-door.ts';
import { cookieOf, SESSION_COOKIE } from '../../sign-in/session.rules.ts';

type Enter = (request: IncomingMessage) => Promise<Authenticated | null>;

/**
 * A token, wherever it comes from; without one the cookie of a page of the hub. The request shows by `proof` that a page sent it:
 * its script, or for what is only looked at the page itself.
 */
export const enterBy =
  (identify: Identify, door: DeskDoor | undefined, proof: 'demandOwnScript' | 'demandOwnPage'): Enter =>
  async (request) => {
    const { authorization, cookie } = request.headers;
    if (authorization !== undefined || !door || cookieOf(cookie, SESSION_COOKIE) === undefined)
      return identify(authorization, request);
    door[proof](request);
    return door.enter(request);
  };
