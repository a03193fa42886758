import { HubError } from '../errors.ts';
import type { AccountDirectory, Admitted, Visitor } from './account-directory.ts';
import type { Actor, Role } from './actor.ts';
import type { Identity } from './oidc.ts';
import { isThisMachine } from './peer.ts';

export interface Authenticated extends Pick<Admitted, 'endsWith'> {
  actor: Actor;
  /** When the token ends; null where it does not. */
  expiresAt: Date | null;
}

/** The person of the desk whose token this is, who needs no issuer; undefined where the hub did not make the token itself. */
export type LocalPersonOf = (token: string) => Visitor | undefined;

/** The sender of an Authorization header: null without one; throws UNAUTHENTICATED for one that is not good. */
export type Authenticate = (
  authorization: string | undefined,
  remoteAddress: string | undefined,
) => Promise<Authenticated | null>;

export interface AuthenticateOptions {
  /** Asked for connections of this machine alone; left out in production. */
  localPersonOf?: LocalPersonOf;
  verify?: (token: string) => Promise<Identity>;
  accounts: Pick<AccountDirectory, 'admit'>;
}

export function createAuthenticate({ localPersonOf, verify, accounts }: AuthenticateOptions): Authenticate {
  const admit = async (
    visitor: Visitor,
    expiresAt: Date | null,
    withheld: readonly Role[] = [],
  ): Promise<Authenticated> => {
    const { id, roles, endsWith } = await accounts.admit(visitor);
    const actor = { id, name: visitor.name, roles: roles.filter((role) => !withheld.includes(role)) };
    return { actor, expiresAt, endsWith };
  };
  return async (authorization, remoteAddress) => {
    if (authorization === undefined || authorization === '') return null;
    const token = /^Bearer\s+(\S+)$/i.exec(authorization)?.[1];
    if (!token) throw new HubError('UNAUTHENTICATED', 'send the token as "Authorization: Bearer …"');
    const local = isThisMachine(remoteAddress) ? localPersonOf?.(token) : undefined;
    if (local) return admit(local, null);
    if (!verify) throw new HubError('UNAUTHENTICATED', 'this token is not good');
    const { expiresAt, withheld, ...visitor } = await verify(token);
    return admit(visitor, expiresAt, withheld);
  };
}
