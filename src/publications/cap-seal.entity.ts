import { defineEntity, p } from '@mikro-orm/core';

/** The CAP messages of all threads: no identifier is used twice, no `sent` twice within a thread, and both never change (I-06). */
export const CapMessageRecord = defineEntity({
  name: 'CapMessageRecord',
  tableName: 'cap_message',
  uniques: [{ name: 'cap_message_thread_sent_unique', properties: ['thread', 'sent'] }],
  triggers: [
    {
      name: 'cap_message_frozen',
      timing: 'before',
      events: ['update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger cap_message_frozen before update or delete on cap_message for each row execute function refuse_change()',
    },
    {
      name: 'cap_message_sealed',
      timing: 'after',
      events: ['insert'],
      forEach: 'row',
      expression:
        'create constraint trigger cap_message_sealed after insert on cap_message deferrable initially deferred for each row execute function cap_message_sealed()',
    },
  ],
  properties: {
    identifier: p.text().primary(),
    thread: p.uuid(),
    revision: p.integer(),
    sent: p.datetime(0),
  },
});

/** A message as it left: its bytes, signed. They are the message; nothing is ever rendered in their place. */
export const CapSeal = defineEntity({
  name: 'CapSeal',
  tableName: 'cap_seal',
  indexes: [{ name: 'cap_seal_thread_index', properties: ['thread'] }],
  checks: [{ name: 'cap_seal_sha256_check', expression: `sha256 = encode(sha256(bytes), 'hex')` }],
  triggers: [
    {
      name: 'cap_seal_frozen',
      timing: 'before',
      events: ['update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger cap_seal_frozen before update or delete on cap_seal for each row execute function refuse_change()',
    },
  ],
  properties: {
    identifier: p.text().primary(),
    thread: p.uuid(),
    revision: p.integer(),
    /** Of the bytes, in hexadecimal: their ETag. */
    sha256: p.text(),
    bytes: p.blob(),
    sealedAt: p.datetime(3),
  },
});
