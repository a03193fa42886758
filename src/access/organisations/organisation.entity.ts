import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { type DirectNumber, ORGANISATION_KINDS } from './organisation.rules.ts';

/** The Département, the Sdis, a commune: each account belongs to one. PostgreSQL keeps its kind, and closes it for good (I-32). */
export const Organisation = defineEntity({
  name: 'Organisation',
  tableName: 'organisation',
  indexes: [
    {
      name: 'organisation_name_unique',
      expression:
        'create unique index "organisation_name_unique" on "organisation" (lower("name")) where "ended_at" is null',
    },
  ],
  triggers: [
    {
      name: 'organisation_guard',
      timing: 'before',
      events: ['update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger organisation_guard before update or delete on organisation for each row execute function organisation_guard()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    /** Grows with each mutation: the optimistic lock that clients hold. */
    version: p.integer(),
    kind: p.enum(ORGANISATION_KINDS),
    /** The whole name, which the public reads. */
    name: p.text(),
    /** For messages that have little room. */
    shortName: p.text(),
    createdAt: p.datetime(3),
    /** Since when nobody belongs to it; dated by PostgreSQL. */
    endedAt: p.datetime(3).nullable(),
    /** In the order in which they are called; never public. */
    directNumbers: p.json<DirectNumber[]>().nullable(),
  },
});
export type OrganisationRow = InferEntity<typeof Organisation>;
