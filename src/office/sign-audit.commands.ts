import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../database/sql-in.ts';
import { AuditSignature } from './audit-signature.entity.ts';
import { type SignedHead, signHead } from './audit-signature.rules.ts';
import type { ClaimSigner } from './signing/signed-claims.rules.ts';

const HOUR_MS = 3_600_000;
/** How soon it looks again where nothing had been done since the last signature. */
const QUIET_MS = 60_000;

interface Standing {
  position: string;
  hash: string;
  signedPosition: string | null;
  signedAt: Date | string | null;
}

export interface HourlySigner {
  /** Whether it is time to look at the head. */
  isDue(now: Date): boolean;
  /** Signs the head where an hour has passed since the last time and something was done; answers what it signed. */
  sign(em: EntityManager, now: Date): Promise<(SignedHead & { jws: string }) | null>;
}

/**
 * Signs the head of the audit log once an hour, in the process that keeps time. It asks PostgreSQL no more often than that,
 * unless nothing had been done.
 */
export function hourlySigner(signer: ClaimSigner): HourlySigner {
  let next = Number.NEGATIVE_INFINITY;
  return {
    isDue: (now) => now.getTime() >= next,
    sign: async (em, now) => {
      const [standing] = await sqlIn(em)<Standing>(
        `select h.position, h.hash, s.position as "signedPosition", s.signed_at as "signedAt" from audit_head h
         left join lateral (select position, signed_at from audit_signature order by position desc limit 1) s on true
         where h.id = 1`,
      );
      if (!standing) throw new Error('the audit log has no head: migrations did not run');
      const signedAt = standing.signedAt === null ? Number.NEGATIVE_INFINITY : new Date(standing.signedAt).getTime();
      if (signedAt + HOUR_MS > now.getTime()) {
        next = signedAt + HOUR_MS;
        return null;
      }
      next = now.getTime() + QUIET_MS;
      if (Number(standing.position) <= Number(standing.signedPosition ?? 0)) return null;
      const head = { position: Number(standing.position), hash: standing.hash, at: now };
      const jws = await signHead(head, signer);
      em.create(AuditSignature, { position: head.position, signedAt: now, jws });
      await em.flush();
      return { ...head, jws };
    },
  };
}
