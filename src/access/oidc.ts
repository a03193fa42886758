import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import { isWritableText } from '../database/writable-text.rules.ts';
import { HubError } from '../errors.ts';
import type { Visitor } from './account-directory.ts';
import { ROLES, type Role } from './actor.ts';
import { IssuerKeys } from './issuer-keys.ts';
import { type TokenRules, tokenFault, withheldBySignIn } from './token.rules.ts';

export interface Identity extends Visitor {
  /** Roles that this person signed in too weakly for, ours among them. */
  withheld: readonly Role[];
  expiresAt: Date;
}

/** An OpenID Connect issuer whose access tokens are taken. */
export interface Issuer {
  /** Its address, exactly as `iss` and its discovery give it. */
  address: string;
  audience: string;
  /** The roles that its tokens can give, where roles come with tokens; it claims others in vain. */
  roles: readonly Role[];
}

export interface VerifierOptions {
  issuers: readonly Issuer[];
  rules: TokenRules;
  /** Hears why the keys of an issuer could not be fetched. */
  onError(error: unknown): void;
}

const CLOCK_TOLERANCE_SECONDS = 30;
/** OpenID Connect Core 1.0, section 2: no subject is longer. */
const MOST_SUBJECT = 255;

/** The errors that jose throws for a bad token, not for a key set that cannot be fetched. */
const TOKEN_FAULTS = [
  errors.JWTInvalid,
  errors.JWTExpired,
  errors.JWTClaimValidationFailed,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
];

/**
 * Verifies access tokens of OpenID Connect issuers: signature by the keys of the issuer that the token names, issuer,
 * audience, type, age and end. Roles come from the claim `roles`; names that we do not know are passed over.
 * Throws UNAUTHENTICATED for a token that is not good, UNAVAILABLE while the issuer's keys cannot be fetched.
 */
export function oidcVerifier({ issuers, rules, onError }: VerifierOptions): (token: string) => Promise<Identity> {
  const known = new Map(
    issuers.map((issuer) => [issuer.address, { issuer, keys: new IssuerKeys(issuer.address, onError) }]),
  );
  return async (token) => {
    try {
      const { iss = '' } = decodeJwt(token);
      const named = known.get(iss);
      if (!named) throw new errors.JWTClaimValidationFailed('of another issuer', {});
      const { payload, protectedHeader } = await jwtVerify(token, named.keys.find, {
        issuer: named.issuer.address,
        audience: named.issuer.audience,
        algorithms: [...rules.algorithms],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['sub', 'exp'],
      });
      const times = { now: Math.floor(Date.now() / 1000), tolerance: CLOCK_TOLERANCE_SECONDS };
      const fault = tokenFault(protectedHeader, payload, rules, times);
      if (fault) throw new HubError('UNAUTHENTICATED', fault);
      return identityOf(named.issuer, payload, rules);
    } catch (error) {
      if (error instanceof HubError) throw error;
      if (TOKEN_FAULTS.some((fault) => error instanceof fault))
        throw new HubError('UNAUTHENTICATED', 'this token is not good, or has expired');
      throw new HubError('UNAVAILABLE', 'the issuer of tokens cannot be reached');
    }
  };
}

function identityOf(issuer: Issuer, payload: JWTPayload, rules: TokenRules): Identity {
  const { sub = '', exp = 0, name, roles } = payload;
  if (
    sub.trim() === '' ||
    sub.length > MOST_SUBJECT ||
    !isWritableText(sub) ||
    (typeof name === 'string' && !isWritableText(name))
  )
    throw new errors.JWTClaimValidationFailed('sub and name must be text', { sub });
  const given: unknown[] = Array.isArray(roles) ? roles : [];
  const claimed = ROLES.filter((role) => given.includes(role) && issuer.roles.includes(role));
  return {
    issuer: issuer.address,
    subject: sub,
    name: typeof name === 'string' && name.trim() !== '' ? name : sub,
    roles: claimed,
    withheld: withheldBySignIn(payload, rules),
    expiresAt: new Date(exp * 1000),
  };
}
