import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import { z } from 'zod';
import { HubError } from '../errors.ts';
import { ROLES, type Role } from './actor.ts';

export interface Identity {
  subject: string;
  name: string;
  roles: Role[];
  expiresAt: Date | null;
}

const discovery = z.object({ issuer: z.string(), jwks_uri: z.url() });
const CLOCK_TOLERANCE_SECONDS = 30;

/**
 * Verifies staff tokens of an OpenID Connect issuer: signature by its published keys (found by discovery, cached and
 * renewed by jose), issuer, audience, expiry. Roles come from the claim `roles`; names we do not know are passed over.
 * Throws UNAUTHENTICATED for a token that is not good, UNAVAILABLE while the issuer's keys cannot be had.
 */
export function oidcVerifier(issuer: string, audience: string): (token: string) => Promise<Identity> {
  let keys: Promise<ReturnType<typeof createRemoteJWKSet>> | undefined;
  const discover = async () => {
    const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const answer = await fetch(address, { signal: AbortSignal.timeout(5_000) });
    const found = discovery.parse(await answer.json());
    if (found.issuer !== issuer) throw new Error(`${address} speaks for ${found.issuer}`);
    return createRemoteJWKSet(new URL(found.jwks_uri));
  };
  return async (token) => {
    keys ??= discover();
    const set = await keys.catch(() => {
      keys = undefined;
      throw new HubError('UNAVAILABLE', 'the issuer of tokens cannot be reached');
    });
    try {
      const { payload } = await jwtVerify(token, set, { issuer, audience, clockTolerance: CLOCK_TOLERANCE_SECONDS });
      return identityOf(payload);
    } catch (error) {
      if (error instanceof errors.JWKSTimeout || error instanceof TypeError)
        throw new HubError('UNAVAILABLE', 'the issuer of tokens cannot be reached');
      if (error instanceof HubError) throw error;
      throw new HubError('UNAUTHENTICATED', 'this token is not good, or has expired');
    }
  };
}

function identityOf(payload: Record<string, unknown> & { sub?: string; exp?: number }): Identity {
  if (!payload.sub) throw new HubError('UNAUTHENTICATED', 'this token names nobody');
  const roles = Array.isArray(payload.roles) ? payload.roles : [];
  return {
    subject: payload.sub,
    name: typeof payload.name === 'string' ? payload.name : payload.sub,
    roles: ROLES.filter((role) => roles.includes(role)),
    expiresAt: payload.exp ? new Date(payload.exp * 1000) : null,
  };
}
