import { defineEntity, p } from '@mikro-orm/core';

/**
 * During which time a journal entry was what the public knew of a thread, and the thread was in force by it. PostgreSQL writes it
 * when it stamps the journal, and nobody else can.
 */
export const InForce = defineEntity({
  name: 'InForce',
  tableName: 'in_force',
  indexes: [
    {
      name: 'in_force_during_index',
      expression: 'create index "in_force_during_index" on "in_force" using gist ("during")',
    },
    {
      name: 'in_force_thread_index',
      expression: `create index "in_force_thread_index" on "in_force" ("thread", (coalesce(upper("during"), 'infinity'::timestamptz)))`,
    },
  ],
  triggers: [
    {
      name: 'in_force_kept',
      timing: 'before',
      events: ['insert', 'update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger in_force_kept before insert or update or delete on in_force for each row execute function in_force_kept()',
    },
  ],
  properties: {
    entryId: p.uuid().primary(),
    thread: p.uuid(),
    during: p.string().columnType('tstzrange'),
  },
});
