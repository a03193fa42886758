import { defineEntity, p } from '@mikro-orm/core';
import { Account } from '../../access/account.entity.ts';
import { Call } from '../../calling/call.entity.ts';
import { MESSAGE_OUTCOMES, MESSAGE_PURPOSES, POINT_WAYS } from '../contact.rules.ts';
import { ContactPoint } from '../contact-point.entity.ts';

/**
 * One message for one contact point: a code, or a step of a call. It stands here before it is sent, and keeps what came of it.
 * PostgreSQL refuses a call to a point that nobody confirmed (I-57), and stops what waits once the call is answered (I-58).
 */
export const ContactMessage = defineEntity({
  name: 'ContactMessage',
  tableName: 'contact_message',
  indexes: [
    {
      name: 'contact_message_due_index',
      expression:
        'create index "contact_message_due_index" on "contact_message" ("due_at") where "outcome" = \'WAITING\'',
    },
    { name: 'contact_message_call_index', properties: ['call'] },
    { name: 'contact_message_point_index', properties: ['point'] },
    { name: 'contact_message_account_index', properties: ['account', 'createdAt'] },
  ],
  triggers: [
    {
      name: 'contact_message_wanted',
      timing: 'before',
      events: ['insert'],
      forEach: 'row',
      expression:
        'create trigger contact_message_wanted before insert on contact_message for each row execute function contact_message_wanted()',
    },
    {
      name: 'contact_message_stays_stopped',
      timing: 'before',
      events: ['update'],
      forEach: 'row',
      expression:
        'create trigger contact_message_stays_stopped before update on contact_message for each row execute function contact_message_stays_stopped()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    purpose: p.enum(MESSAGE_PURPOSES),
    /** Null once it is removed. */
    point: () => p.manyToOne(ContactPoint).nullable(),
    account: () => p.manyToOne(Account),
    way: p.enum(POINT_WAYS),
    /** Null for a code, as is all that a call alone has. */
    call: () => p.manyToOne(Call).nullable().deleteRule('cascade'),
    /** In which turn of the call. */
    rung: p.integer().nullable(),
    /** The whole message but its link: words of the hub, and nothing of what the call is about. */
    words: p.text().nullable(),
    /** In its link: 128 bits that nobody can guess, and that show nothing without a session. */
    key: p.text().nullable().unique('contact_message_key_unique'),
    createdAt: p.datetime(3),
    dueAt: p.datetime(3),
    /** Whether it is held back, and comes with all others that are: by quiet hours, or by messages before. */
    held: p.boolean().default(false),
    sentAt: p.datetime(3).nullable(),
    /** When its person took the call by answering it; a second answer does nothing. */
    answeredAt: p.datetime(3).nullable(),
    /** When others are rung, or the code would be over: it has nothing to tell any more. */
    expiresAt: p.datetime(3),
    outcome: p.enum(MESSAGE_OUTCOMES),
    attempts: p.integer(),
    /** The courier that may send it, and until when no other one may, by the database's clock. */
    lease: p.uuid().nullable(),
    leasedUntil: p.datetime(3).nullable(),
    /** The last answer of the relay; null where there was none. */
    status: p.integer().nullable(),
    /** Why the last attempt failed, in French; it never holds an address. */
    fault: p.text().nullable(),
  },
});
