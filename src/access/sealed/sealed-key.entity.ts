import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { Account } from '../account.entity.ts';

/** A key in an envelope, which opens one session of a duty officer without any issuer. PostgreSQL holds that it is one (I-28). */
export const SealedKey = defineEntity({
  name: 'SealedKey',
  tableName: 'sealed_key',
  uniques: [
    { name: 'sealed_key_account_unique', properties: ['account'] },
    { name: 'sealed_key_hash_unique', properties: ['hash'] },
    { name: 'sealed_key_session_hash_unique', properties: ['sessionHash'] },
  ],
  triggers: [
    {
      name: 'sealed_key_guarded',
      timing: 'before',
      events: ['insert', 'update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger sealed_key_guarded before insert or update or delete on sealed_key for each row execute function sealed_key_guarded()',
    },
    {
      name: 'sealed_key_changed',
      timing: 'after',
      events: ['update'],
      forEach: 'row',
      expression:
        'create trigger sealed_key_changed after update on sealed_key for each row execute function sealed_key_changed()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    /** Grows with each mutation: the optimistic lock that clients hold. */
    version: p.integer(),
    account: () => p.manyToOne(Account),
    /** The name that stands on the envelope. */
    name: p.text(),
    hash: p.text(),
    sealedAt: p.datetime(3),
    openedAt: p.datetime(3).nullable(),
    /** The name that the person who opened it gave. */
    openedBy: p.text().nullable(),
    /** Of the token of the session. */
    sessionHash: p.text().nullable(),
    sessionUntil: p.datetime(3).nullable(),
    withdrawnAt: p.datetime(3).nullable(),
  },
});
export type SealedKeyRow = InferEntity<typeof SealedKey>;
