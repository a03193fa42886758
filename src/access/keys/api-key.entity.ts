import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { Account } from '../account.entity.ts';
import type { MachineRole } from './api-key.rules.ts';

/** The key of a machine, whose account it is. PostgreSQL holds which roles it may have and how long (I-26). */
export const ApiKey = defineEntity({
  name: 'ApiKey',
  tableName: 'api_key',
  uniques: [
    { name: 'api_key_account_unique', properties: ['account'] },
    { name: 'api_key_hash_unique', properties: ['hash'] },
    { name: 'api_key_previous_hash_unique', properties: ['previousHash'] },
  ],
  triggers: [
    {
      name: 'api_key_guarded',
      timing: 'before',
      events: ['insert', 'update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger api_key_guarded before insert or update or delete on api_key for each row execute function api_key_guarded()',
    },
    {
      name: 'api_key_changed',
      timing: 'after',
      events: ['update'],
      forEach: 'row',
      expression:
        'create trigger api_key_changed after update on api_key for each row execute function api_key_changed()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    /** Grows with each mutation: the optimistic lock that clients hold. */
    version: p.integer(),
    account: () => p.manyToOne(Account),
    name: p.text(),
    roles: p.array().$type<MachineRole[]>(),
    /** The beginning of the key, for people to tell it by. */
    prefix: p.text(),
    hash: p.text(),
    /** The key before the last rotation, which is good until then; null for one that was never rotated. */
    previousHash: p.text().nullable(),
    previousUntil: p.datetime(3).nullable(),
    /** The quota of the machine; null: as much as everybody with a token. */
    pointsPerSecond: p.integer().nullable(),
    createdBy: () => p.manyToOne(Account),
    createdAt: p.datetime(3),
    /** When the key that is good now was made. */
    issuedAt: p.datetime(3),
    expiresAt: p.datetime(3),
    revokedAt: p.datetime(3).nullable(),
    /** To the minute. */
    lastUsedAt: p.datetime(3).nullable(),
  },
});
export type ApiKeyRow = InferEntity<typeof ApiKey>;
