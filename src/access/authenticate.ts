import { type DevelopmentTokens, PERSONAS, personaOf } from '../development/development-tokens.ts';
import { HubError } from '../errors.ts';
import type { Actor } from './actor.ts';
import type { Identity } from './oidc.ts';

export interface Authenticated {
  actor: Actor;
  /** When the token ends; null where it does not. */
  expiresAt: Date | null;
}

/** Who sent an Authorization header: null without one; throws UNAUTHENTICATED for one that is not good. */
export type Authenticate = (
  authorization: string | undefined,
  remoteAddress: string | undefined,
) => Promise<Authenticated | null>;

export interface AuthenticateOptions {
  /** Development alone; never together with production. */
  tokens?: DevelopmentTokens;
  verify?: (token: string) => Promise<Identity>;
  /** The account's id of a subject; makes the account at its first visit. */
  accountOf(subject: string, name: string): Promise<string>;
}

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

export function createAuthenticate({ tokens, verify, accountOf }: AuthenticateOptions): Authenticate {
  // An account's id never changes: asked once, so that a token keeps working while the database is away.
  const accounts = new Map<string, string>();
  const account = async (subject: string, name: string) => {
    const id = accounts.get(subject) ?? (await accountOf(subject, name));
    accounts.set(subject, id);
    return id;
  };
  return async (authorization, remoteAddress) => {
    if (authorization === undefined || authorization === '') return null;
    const token = /^Bearer\s+(\S+)$/i.exec(authorization)?.[1];
    if (!token) throw new HubError('UNAUTHENTICATED', 'send the token as "Authorization: Bearer …"');
    const persona = tokens && LOOPBACK.test(remoteAddress ?? '') ? personaOf(tokens, token) : undefined;
    if (persona) {
      const { name, roles } = PERSONAS[persona];
      return { actor: { id: await account(`development:${persona}`, name), name, roles }, expiresAt: null };
    }
    if (!verify) throw new HubError('UNAUTHENTICATED', 'this token is not good');
    const { subject, name, roles, expiresAt } = await verify(token);
    return { actor: { id: await account(subject, name), name, roles }, expiresAt };
  };
}
