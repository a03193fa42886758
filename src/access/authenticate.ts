import { HubError } from '../errors.ts';
import type { AccountDirectory, Admitted, Visitor } from './account-directory.ts';
import type { Actor, Role } from './actor.ts';
import { isApiKey } from './keys/api-key.rules.ts';
import type { KeyRing } from './keys/key-ring.ts';
import type { Identity } from './oidc.ts';
import { isThisMachine } from './peer.ts';
import type { SealedHolder } from './sealed/sealed-key.queries.ts';
import { isSealedKey } from './sealed/sealed-key.rules.ts';

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
  /** Knows the keys of machines; without it none is good. */
  keys?: Pick<KeyRing, 'holderOf' | 'holds'>;
  /** Knows the sealed keys that nobody has opened; without it none is good. */
  sealed?: (key: string) => Promise<SealedHolder>;
}

export function createAuthenticate({
  localPersonOf,
  verify,
  accounts,
  keys,
  sealed,
}: AuthenticateOptions): Authenticate {
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
    if (sealed && isSealedKey(token)) return withoutRoles(await sealed(token));
    if (keys && isApiKey(token)) return admitMachine(token, keys, accounts);
    const local = isThisMachine(remoteAddress) ? localPersonOf?.(token) : undefined;
    if (local) return admit(local, null);
    if (!verify) throw new HubError('UNAUTHENTICATED', 'this token is not good');
    const { expiresAt, withheld, ...visitor } = await verify(token);
    return admit(visitor, expiresAt, withheld);
  };
}

/** A sealed key may be opened, and nothing else: opening gives another token. */
const withoutRoles = ({ accountId: id, name }: SealedHolder): Authenticated => ({
  actor: { id, name, roles: [] },
  expiresAt: null,
  endsWith: () => () => undefined,
});

async function admitMachine(
  token: string,
  keys: Pick<KeyRing, 'holderOf' | 'holds'>,
  accounts: AuthenticateOptions['accounts'],
): Promise<Authenticated> {
  for (;;) {
    const key = await keys.holderOf(token);
    const { issuer, id: subject, name, pointsPerSecond, expiresAt } = key;
    const { id, roles, endsWith } = await accounts.admit({ issuer, subject, name, roles: key.roles });
    // The key may have been rotated meanwhile: its session would last as long as the key did before.
    if (!keys.holds(key)) continue;
    const actor = { id, name, roles, ...(pointsPerSecond === null ? {} : { pointsPerSecond }) };
    return { actor, expiresAt, endsWith };
  }
}
