import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { Account } from '../access/account.entity.ts';
import { POINT_WAYS } from './contact.rules.ts';

/** Where a person can be rung besides the desk. Nobody but that person ever sees the address. */
export const ContactPoint = defineEntity({
  name: 'ContactPoint',
  tableName: 'contact_point',
  indexes: [
    {
      name: 'contact_point_address_unique',
      expression:
        'create unique index "contact_point_address_unique" on "contact_point" ("account_id", "way", lower("address"))',
    },
  ],
  checks: [{ name: 'contact_point_quiet_check', expression: 'num_nonnulls(quiet_from, quiet_to) in (0, 2)' }],
  properties: {
    id: p.uuid().primary(),
    /** Grows with each mutation: the optimistic lock that clients hold. */
    version: p.integer(),
    account: () => p.manyToOne(Account),
    way: p.enum(POINT_WAYS),
    /** The person's own name for it, as “Portable”. */
    label: p.text(),
    address: p.text(),
    /** As “22:00” in Paris: from then on the person is not rung there for what can wait; both or none. */
    quietFrom: p.text().nullable(),
    quietTo: p.text().nullable(),
    createdAt: p.datetime(3),
    /** Null until the person has given the code that was sent there: nobody is rung there before (I-57). */
    confirmedAt: p.datetime(3).nullable(),
    /** Of the newest code, until it was given. */
    codeHash: p.text().nullable(),
    codeExpiresAt: p.datetime(3).nullable(),
    /** How often somebody tried to give that code. */
    codeTries: p.integer(),
  },
});
export type ContactPointRow = InferEntity<typeof ContactPoint>;
