import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import { isWritableText } from '../database/writable-text.rules.ts';
import { HubError } from '../errors.ts';
import type { AccountOwner } from './account.queries.ts';
import { ROLES, type Role } from './actor.ts';

export interface Identity extends AccountOwner {
  roles: Role[];
  expiresAt: Date;
}

const discovery = z.object({ issuer: z.string(), jwks_uri: z.url() });
const CLOCK_TOLERANCE_SECONDS = 30;
const PATIENCE_MS = 5_000;

type Keys = ReturnType<typeof createRemoteJWKSet>;

/** The errors that jose throws for a bad token, not for a key set that cannot be fetched. */
const TOKEN_FAULTS = [
  errors.JWTInvalid,
  errors.JWTExpired,
  errors.JWTClaimValidationFailed,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JWKSNoMatchingKey,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
];

/**
 * Verifies staff tokens of an OpenID Connect issuer: signature by its published keys (found by discovery, cached and
 * renewed by jose), issuer, audience, expiry. Roles come from the claim `roles`; names we do not know are passed over.
 * Throws UNAUTHENTICATED for a token that is not good, UNAVAILABLE while the issuer's keys cannot be fetched.
 */
export function oidcVerifier(issuer: string, audience: string): (token: string) => Promise<Identity> {
  let keys: Promise<Keys> | undefined;
  const published = async (): Promise<Keys> => {
    keys ??= discover(issuer);
    try {
      return await keys;
    } catch (error) {
      // The next token looks for the issuer again.
      keys = undefined;
      throw error;
    }
  };
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, await published(), {
        issuer,
        audience,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['sub', 'exp'],
      });
      return identityOf(issuer, payload);
    } catch (error) {
      if (TOKEN_FAULTS.some((fault) => error instanceof fault))
        throw new HubError('UNAUTHENTICATED', 'this token is not good, or has expired');
      throw new HubError('UNAVAILABLE', 'the issuer of tokens cannot be reached');
    }
  };
}

async function discover(issuer: string): Promise<Keys> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS) });
  const found = discovery.parse(await answer.json());
  if (found.issuer !== issuer) throw new Error(`${address} speaks for ${found.issuer}`);
  return createRemoteJWKSet(new URL(found.jwks_uri), { timeoutDuration: PATIENCE_MS });
}

function identityOf(issuer: string, { sub = '', exp = 0, name, roles }: JWTPayload): Identity {
  if (!isWritableText(sub) || (typeof name === 'string' && !isWritableText(name)))
    throw new errors.JWTClaimValidationFailed('sub and name must be text', { sub });
  const given: unknown[] = Array.isArray(roles) ? roles : [];
  return {
    issuer,
    subject: sub,
    name: typeof name === 'string' && name.trim() !== '' ? name : sub,
    roles: ROLES.filter((role) => given.includes(role)),
    expiresAt: new Date(exp * 1000),
  };
}
