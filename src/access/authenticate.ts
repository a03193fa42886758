import { HubError } from '../errors.ts';
import type { AccountOwner } from './account.queries.ts';
import type { AccountDirectory, Admitted } from './account-directory.ts';
import type { Actor, Role } from './actor.ts';
import type { Identity } from './oidc.ts';
import { isThisMachine } from './peer.ts';

export interface Authenticated extends Pick<Admitted, 'endsWith'> {
  actor: Actor;
  /** When the token ends; null where it does not. */
  expiresAt: Date | null;
}

/** A person of the desk who needs no issuer: the hub made the token itself. */
export interface LocalPerson extends AccountOwner {
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
  accounts: Pick<AccountDirectory, 'admit'>;
}

export function createAuthenticate({ localPersonOf, verify, accounts }: AuthenticateOptions): Authenticate {
  const admit = async (person: LocalPerson, expiresAt: Date | null): Promise<Authenticated> => {
    const { id, endsWith } = await accounts.admit(person);
    return { actor: { id, name: person.name, roles: person.roles }, expiresAt, endsWith };
  };
  return async (authorization, remoteAddress) => {
    if (authorization === undefined || authorization === '') return null;
    const token = /^Bearer\s+(\S+)$/i.exec(authorization)?.[1];
    if (!token) throw new HubError('UNAUTHENTICATED', 'send the token as "Authorization: Bearer …"');
    const local = isThisMachine(remoteAddress) ? localPersonOf?.(token) : undefined;
    if (local) return admit(local, null);
    if (!verify) throw new HubError('UNAUTHENTICATED', 'this token is not good');
    const { expiresAt, ...person } = await verify(token);
    return admit(person, expiresAt);
  };
}
