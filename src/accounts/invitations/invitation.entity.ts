import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { Account } from '../../access/account.entity.ts';
import type { Role } from '../../access/actor.ts';
import { Organisation } from '../../access/organisations/organisation.entity.ts';

/**
 * Roles for somebody who has yet to come in: the holder of the secret accepts them once, within seven days by PostgreSQL's
 * clock. PostgreSQL dates it, and refuses every other change (I-29).
 */
export const Invitation = defineEntity({
  name: 'Invitation',
  tableName: 'invitation',
  indexes: [{ name: 'invitation_accepted_index', properties: ['acceptedBy'] }],
  uniques: [{ name: 'invitation_secret_unique', properties: ['secretHash'] }],
  triggers: [
    {
      name: 'invitation_guard',
      timing: 'before',
      events: ['insert', 'update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger invitation_guard before insert or update or delete on invitation for each row execute function invitation_guard()',
    },
    {
      name: 'invitation_organisation',
      timing: 'before',
      events: ['update'],
      forEach: 'row',
      expression:
        'create trigger invitation_organisation before update on invitation for each row execute function invitation_organisation()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    version: p.integer(),
    /** By which administrators know whom they invited; the account has the name that its tokens give. */
    name: p.text(),
    roles: p.array().$type<Role[]>(),
    /** SHA-256, in hexadecimal. */
    secretHash: p.text(),
    /** Null for the machine: `npm run account:invite`. */
    invitedBy: () => p.manyToOne(Account).nullable(),
    invitedAt: p.datetime(3),
    expiresAt: p.datetime(3),
    approvedBy: () => p.manyToOne(Account).nullable(),
    approvedAt: p.datetime(3).nullable(),
    withdrawnBy: () => p.manyToOne(Account).nullable(),
    withdrawnAt: p.datetime(3).nullable(),
    acceptedBy: () => p.manyToOne(Account).nullable(),
    acceptedAt: p.datetime(3).nullable(),
    /** Where the account then belongs; null where it stays where it is, or a new one comes to the Département. */
    organisation: () => p.manyToOne(Organisation).nullable(),
    /** Since when its guarded roles are used up. */
    givenAt: p.datetime(3).nullable(),
  },
});
export type InvitationRow = InferEntity<typeof Invitation>;
