import type { JWTHeaderParameters, JWTPayload } from 'jose';
import type { Role } from './actor.ts';

/** A token must have this, beside a good signature, issuer, audience and end. */
export interface TokenRules {
  /** Values of the header `typ`, in small letters, without `application/`; `none` stands for a header that lacks it. */
  types: readonly string[];
  /** Signatures that are taken, by their names in JWA (RFC 7518). */
  algorithms: readonly string[];
  /** How many hours a token may last from `iat` to `exp`. */
  longestHours: number;
  /** Roles that a token gives only where its `amr` or `acr` says one of these words. */
  strong: Readonly<{ roles: readonly Role[]; signs: readonly string[] }>;
}

/** An issuer that keeps RFC 9068 writes such tokens; roles need no second factor. */
export const DEFAULT_TOKEN_RULES: TokenRules = {
  types: ['at+jwt'],
  algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'],
  longestHours: 12,
  strong: { roles: [], signs: ['mfa'] },
};

/** Types of tokens that say that somebody signed in or out, and open nothing. */
const NEVER_TYPES = /^(logout|secevent|id)\+jwt$/;
/** Keycloak says in the claim `typ` what its header leaves open. */
const NEVER_KINDS: readonly unknown[] = ['ID', 'Logout', 'Refresh', 'Offline'];
const HASHES = ['at_hash', 'c_hash', 's_hash'];

export const isTokenType = (type: string): boolean => /^[\w.+-]+$/.test(type) && !NEVER_TYPES.test(type);

/** Why a token of a good signature opens nothing, in words; undefined for one that does. `now` is in seconds. */
export function tokenFault(
  { typ }: Pick<JWTHeaderParameters, 'typ'>,
  payload: JWTPayload,
  { types, longestHours }: TokenRules,
  { now, tolerance }: { now: number; tolerance: number },
): string | undefined {
  const type = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : 'none';
  if (!types.includes(type) || NEVER_TYPES.test(type)) return `tokens of the type ${type} open nothing here`;
  if (isOfSigningIn(payload)) return 'an ID token opens nothing: send the access token';
  if (payload.events !== undefined) return 'a token that tells of an event opens nothing';
  const { iat, exp = 0 } = payload;
  if (typeof iat !== 'number') return 'a token says when it was made (iat)';
  if (iat > now + tolerance) return 'this token was made in the future';
  if (exp - iat > longestHours * 3_600) return `a token lasts at most ${longestHours} hours here`;
  return undefined;
}

/** ID tokens hold hashes of what came with them; a nonce also stood in access tokens of earlier Keycloaks, which say so. */
const isOfSigningIn = ({ typ, nonce, ...claims }: JWTPayload): boolean =>
  NEVER_KINDS.includes(typ) ||
  HASHES.some((name) => claims[name] !== undefined) ||
  (nonce !== undefined && typ !== 'Bearer');

/** The roles that a token opens nothing by, for the way in which its person signed in. */
export function withheldBySignIn({ amr, acr }: JWTPayload, { strong }: TokenRules): readonly Role[] {
  const said: unknown[] = [...(Array.isArray(amr) ? amr : []), acr];
  return strong.signs.some((sign) => said.includes(sign)) ? [] : strong.roles;
}
