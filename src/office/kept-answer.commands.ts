import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../database/sql-in.ts';
import { HubError } from '../errors.ts';
import { KeptAnswer } from './kept-answer.entity.ts';

/** How long an answer is kept, in milliseconds. */
const KEPT_MS = 48 * 3600_000;

/** One operation of somebody, under the key that they chose. */
export interface KeyedRequest {
  actor: string;
  key: string;
  requestHash: string;
}

/**
 * Takes a key inside the caller's transaction, or gives the answer that it was given before. A request with the same key
 * meanwhile waits for that transaction. IDEMPOTENCY_MISMATCH where the key was used for another request.
 */
export async function takeKey(em: EntityManager, request: KeyedRequest, now: Date): Promise<string | null> {
  const { actor, key, requestHash } = request;
  const expired = new Date(now.getTime() - KEPT_MS);
  await em.nativeDelete(KeptAnswer, { actor, key, at: { $lte: expired } });
  const taken = await sqlIn(em)(
    `insert into kept_answer (actor, key, request_hash, at) values (?, ?, ?, ?) on conflict do nothing returning key`,
    [actor, key, requestHash, now.toISOString()],
  );
  if (taken.length > 0) return null;
  const known = await em.findOneOrFail(KeptAnswer, { actor, key }, { refresh: true });
  if (known.requestHash !== requestHash)
    throw new HubError('IDEMPOTENCY_MISMATCH', 'this Idempotency-Key came with another request before: use a new key');
  return known.answer ?? null;
}

/** Keeps the answer under a key that this transaction took. */
export const keepAnswer = (em: EntityManager, { actor, key }: KeyedRequest, answer: string): Promise<number> =>
  em.nativeUpdate(KeptAnswer, { actor, key }, { answer });

/** Forgets every answer that is older than 48 hours; the timekeeper's. Answers how many there were. */
export const forgetAnswers = (em: EntityManager, now: Date): Promise<number> =>
  em.nativeDelete(KeptAnswer, { at: { $lte: new Date(now.getTime() - KEPT_MS) } });
