import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { Account } from '../access/account.entity.ts';
import type { Role } from '../access/actor.ts';

/**
 * Roles that one ADMIN asked for and another approves; an account has one open request at most. PostgreSQL gives the roles to
 * nobody without it (I-29), and marks it as used.
 */
export const RoleRequest = defineEntity({
  name: 'RoleRequest',
  tableName: 'role_request',
  indexes: [
    { name: 'role_request_account_index', properties: ['account'] },
    {
      name: 'role_request_open_unique',
      expression:
        'create unique index "role_request_open_unique" on "role_request" ("account_id") where "withdrawn_at" is null and "given_at" is null',
    },
  ],
  triggers: [
    {
      name: 'role_request_guard',
      timing: 'before',
      events: ['insert', 'update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger role_request_guard before insert or update or delete on role_request for each row execute function role_request_guard()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    account: () => p.manyToOne(Account),
    roles: p.array().$type<Role[]>(),
    askedBy: () => p.manyToOne(Account),
    /** Dated by PostgreSQL, as are the other times. */
    askedAt: p.datetime(3),
    approvedBy: () => p.manyToOne(Account).nullable(),
    approvedAt: p.datetime(3).nullable(),
    withdrawnAt: p.datetime(3).nullable(),
    givenAt: p.datetime(3).nullable(),
  },
});
export type RoleRequestRow = InferEntity<typeof RoleRequest>;
