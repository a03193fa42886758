import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { Organisation } from '../access/organisations/organisation.entity.ts';
import type { PublicationKind, Severity } from '../publications/vocabulary.ts';
import { INSTITUTION_KINDS, MAILBOX_STATES } from './vocabulary.ts';

/** A town hall, a newsroom, a school … that staff have written to, and of which publications. */
export const Institution = defineEntity({
  name: 'Institution',
  tableName: 'institution',
  properties: {
    id: p.uuid().primary(),
    /** Grows with each mutation: the optimistic lock that clients hold. */
    version: p.integer(),
    kind: p.enum(INSTITUTION_KINDS),
    name: p.text(),
    /** By which it takes part in incidents; null where it has none here. */
    organisation: () => p.manyToOne(Organisation).nullable(),
    /** Null: every kind. */
    kinds: p.array().$type<PublicationKind[]>().nullable(),
    /** INSEE codes of today; null: everywhere. */
    communes: p.array().nullable(),
    severityAtLeast: p.text().$type<Severity>().nullable(),
    /** BCP 47, of its letters. */
    language: p.text(),
    /** Whether it asked for exercises. */
    exercises: p.boolean(),
    createdAt: p.datetime(3),
    /** It is told nothing of entries of the journal up to here. */
    since: p.bigint('number'),
  },
});
export type InstitutionRow = InferEntity<typeof Institution>;

/** An address of an institution. PostgreSQL keeps one that was left from coming back (I-48). */
export const Mailbox = defineEntity({
  name: 'Mailbox',
  tableName: 'mailbox',
  indexes: [
    { name: 'mailbox_institution_index', properties: ['institution'] },
    {
      name: 'mailbox_address_unique',
      expression:
        'create unique index "mailbox_address_unique" on "mailbox" ("institution_id", lower("address")) where "state" <> \'LEFT\'',
    },
  ],
  triggers: [
    {
      name: 'mailbox_stays_left',
      timing: 'before',
      events: ['update'],
      forEach: 'row',
      expression:
        'create trigger mailbox_stays_left before update on mailbox for each row execute function mailbox_stays_left()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    institution: () => p.manyToOne(Institution),
    /** Null once it is erased: when staff remove the mailbox, or 30 days after it was left. */
    address: p.text().nullable(),
    /** Whose it is, as “Astreinte”. */
    label: p.text(),
    /** Whether it names a person. */
    personal: p.boolean(),
    state: p.enum(MAILBOX_STATES),
    /** In the links of its letters: 128 bits that nobody can guess. */
    key: p.text().unique('mailbox_key_unique'),
    /** By which agreement it is written to without a click. */
    agreement: p.text().nullable(),
    invitedAt: p.datetime(3),
    /** When it was confirmed or mandated. */
    confirmedAt: p.datetime(3).nullable(),
    leftAt: p.datetime(3).nullable(),
    /** Since when the relay refuses the address; null once a letter got there. */
    bouncingSince: p.datetime(3).nullable(),
    /** Why, in French. */
    fault: p.text().nullable(),
  },
});
export type MailboxRow = InferEntity<typeof Mailbox>;
