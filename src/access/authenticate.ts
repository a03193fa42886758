import { HubError } from '../errors.ts';
import type { Actor, Role } from './actor.ts';
import type { Identity } from './oidc.ts';

export interface Authenticated {
  actor: Actor;
  /** When the token ends; null where it does not. */
  expiresAt: Date | null;
}

/** A person of the desk who needs no issuer: the hub made the token itself. */
export interface LocalPerson {
  /** No issuer's subject can be the same: it names where it comes from. */
  subject: string;
  name: string;
  roles: readonly Role[];
}

/** The person whose token this is; undefined where the hub did not make it. */
export type LocalPersonOf = (token: string) => LocalPerson | undefined;

/** The sender of an Authorization header: null without one; throws UNAUTHENTICATED for one that is not good. */
export type Authenticate = (
  authorization: string | undefined,
  remoteAddress: string | undefined,
) => Promise<Authenticated | null>;

export interface AuthenticateOptions {
  /** Asked for connections of this machine alone; left out in production. */
  localPersonOf?: LocalPersonOf;
  verify?: (token: string) => Promise<Identity>;
  /** The account's id of a subject; makes the account at its first visit. */
  accountOf(subject: string, name: string): Promise<string>;
}

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

export function createAuthenticate({ localPersonOf, verify, accountOf }: AuthenticateOptions): Authenticate {
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
    const local = LOOPBACK.test(remoteAddress ?? '') ? localPersonOf?.(token) : undefined;
    if (local) {
      const { subject, name, roles } = local;
      return { actor: { id: await account(subject, name), name, roles }, expiresAt: null };
    }
    if (!verify) throw new HubError('UNAUTHENTICATED', 'this token is not good');
    const { subject, name, roles, expiresAt } = await verify(token);
    return { actor: { id: await account(subject, name), name, roles }, expiresAt };
  };
}
