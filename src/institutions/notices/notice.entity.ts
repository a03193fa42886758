import { defineEntity, p } from '@mikro-orm/core';
import { Institution } from '../institution.entity.ts';

/** Whether an institution has read of a publication: one row for all of its mailboxes. */
export const InstitutionNotice = defineEntity({
  name: 'InstitutionNotice',
  tableName: 'institution_notice',
  indexes: [{ name: 'institution_notice_publication_index', properties: ['publication', 'institution'] }],
  triggers: [
    {
      name: 'institution_notice_ends_calls',
      timing: 'after',
      events: ['update'],
      forEach: 'row',
      expression:
        'create trigger institution_notice_ends_calls after update on institution_notice for each row execute function institution_notice_ends_calls()',
    },
  ],
  uniques: [{ name: 'institution_notice_unique', properties: ['institution', 'publication'] }],
  properties: {
    id: p.uuid().primary(),
    institution: () => p.manyToOne(Institution),
    publication: p.uuid(),
    /** The revision that asks to be read: the last one that rang. */
    revision: p.integer(),
    /** Since when it asks. */
    askedAt: p.datetime(3),
    /** Null while nobody said so. */
    acknowledgedAt: p.datetime(3).nullable(),
    /** The taker of charge, in the words of the person who said so. */
    acknowledgedAs: p.text().nullable(),
  },
});
