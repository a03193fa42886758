import { defineEntity, p } from '@mikro-orm/core';

/** A person or machine of the desk, known by the `subject` that the token's issuer gives. Roles come with each token. */
export const Account = defineEntity({
  name: 'Account',
  tableName: 'account',
  properties: {
    id: p.uuid().primary(),
    subject: p.text().unique('account_subject_unique'),
    name: p.text(),
    createdAt: p.datetime(3),
  },
});
