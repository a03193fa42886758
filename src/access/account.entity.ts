import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Role } from './actor.ts';
import { Organisation } from './organisations/organisation.entity.ts';
import { DEPARTEMENT_ID } from './organisations/organisation.rules.ts';

/** A person or machine of the desk, known by its issuer and by the subject that the issuer gives it. */
export const Account = defineEntity({
  name: 'Account',
  tableName: 'account',
  uniques: [{ name: 'account_identity_unique', properties: ['issuer', 'subject'] }],
  triggers: [
    {
      name: 'account_roles',
      timing: 'before',
      events: ['insert', 'update'],
      forEach: 'row',
      expression:
        'create trigger account_roles before insert or update on account for each row execute function account_roles()',
    },
    {
      name: 'account_changed',
      timing: 'after',
      events: ['update'],
      forEach: 'row',
      expression:
        'create trigger account_changed after update on account for each row execute function account_changed()',
    },
    {
      name: 'account_of_machine',
      timing: 'before',
      events: ['insert', 'update'],
      forEach: 'row',
      expression:
        'create trigger account_of_machine before insert or update on account for each row execute function account_of_machine()',
    },
    {
      name: 'account_ends_desk_sessions',
      timing: 'after',
      events: ['update'],
      forEach: 'row',
      expression:
        'create trigger account_ends_desk_sessions after update on account for each row execute function account_ends_desk_sessions()',
    },
    {
      name: 'account_organisation',
      timing: 'before',
      events: ['insert', 'update'],
      forEach: 'row',
      expression:
        'create trigger account_organisation before insert or update on account for each row execute function account_organisation()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    /** Grows with each mutation: the optimistic lock that clients hold. */
    version: p.integer(),
    /** The address of an OpenID Connect issuer; `development`, `key`, `sealed` and `tocsin` for what this hub vouches for itself. */
    issuer: p.text(),
    subject: p.text(),
    name: p.text(),
    createdAt: p.datetime(3),
    /** Since when the account may do nothing; PostgreSQL refuses its deeds (I-22), and notifies every hub. */
    disabledAt: p.datetime(3).nullable(),
    /** In the order of ROLES; PostgreSQL holds who may give them (I-29, I-30). Null until somebody decides what the account may do. */
    roles: p.array().$type<Role[]>().nullable(),
    /** The one that it belongs to; an account that may come in belongs to none that is closed (I-32). */
    organisation: () => p.manyToOne(Organisation).default(DEPARTEMENT_ID),
  },
});
export type AccountRow = InferEntity<typeof Account>;
