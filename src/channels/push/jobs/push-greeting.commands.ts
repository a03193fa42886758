import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../../../database/sql-in.ts';
import { MOST_GREETINGS } from '../push.commands.ts';
import { arrayOf } from '../sql-array.rules.ts';
import type { PushAnswer } from './push-answer.rules.ts';

/** Subscriptions that wait for their code. */
export interface Greetings {
  kind: 'greetings';
  readers: Greeted[];
}

export interface Greeted {
  id: string;
  sealed: string;
  keyId: string;
  service: string;
  language: string;
  failed: number;
}

const MOST = 20;
/** A hub that dies leaves its greetings to the next one after this time. */
const LEASE_MS = 15_000;

/** Leases subscriptions whose code is due, one hub at a time. */
export async function leaseGreetings(em: EntityManager, now: Date): Promise<Greetings | undefined> {
  const readers = await sqlIn(em)<Greeted>(
    `update push_subscription s set greeted = s.greeted + 1,
       greeting_due_at = case when s.greeted + 1 < ${MOST_GREETINGS} then ?::timestamptz end
     where s.id in (
       select c.id from push_subscription c where c.confirmed_at is null and c.greeting_due_at <= ?
       order by c.greeting_due_at limit ${MOST} for update skip locked)
     returning s.id, s.sealed, s.key_id as "keyId", s.service, s.language, s.failed`,
    [new Date(now.getTime() + LEASE_MS).toISOString(), now.toISOString()],
  );
  return readers.length > 0 ? { kind: 'greetings', readers } : undefined;
}

/** Records what became of codes: one that was taken is not sent again, and an address that takes none is forgotten. */
export async function recordGreetings(
  em: EntityManager,
  answers: readonly { id: string; answer: PushAnswer | undefined }[],
): Promise<void> {
  const of = (...kinds: PushAnswer['kind'][]) =>
    arrayOf(answers.filter(({ answer }) => answer && kinds.includes(answer.kind)).map(({ id }) => id));
  await sqlIn(em)(
    `with refused as (delete from push_subscription where id = any(?::uuid[]) and confirmed_at is null)
     update push_subscription set greeting_due_at = null where id = any(?::uuid[])`,
    [of('gone', 'bad', 'ours'), of('sent')],
  );
}
