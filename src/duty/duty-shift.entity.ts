import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { Account } from '../access/account.entity.ts';
import { Incident } from '../editorial/incidents/incident.entity.ts';
import { DUTY_FUNCTIONS } from './duty.rules.ts';

/**
 * That somebody has a function of the crisis cell from one moment to another. PostgreSQL keeps what has begun, and ends a shift
 * that was handed over when the other person takes over (I-39).
 */
export const DutyShift = defineEntity({
  name: 'DutyShift',
  tableName: 'duty_shift',
  indexes: [
    { name: 'duty_shift_incident_index', properties: ['incident'] },
    { name: 'duty_shift_starts_index', properties: ['startsAt', 'id'] },
  ],
  triggers: [
    {
      name: 'duty_shift_guard',
      timing: 'before',
      events: ['insert', 'update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger duty_shift_guard before insert or update or delete on duty_shift for each row execute function duty_shift_guard()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    /** Grows with each mutation: the optimistic lock that clients hold. */
    version: p.integer(),
    /** Null on the standing roster. */
    incident: () => p.manyToOne(Incident).nullable(),
    dutyFunction: p.enum(DUTY_FUNCTIONS),
    account: () => p.manyToOne(Account),
    /** Of several people with one function, the order in which they are called: 1 first. */
    rank: p.integer(),
    startsAt: p.datetime(3),
    endsAt: p.datetime(3),
    handedTo: () => p.manyToOne(Account).nullable(),
    /** For the person who takes over. */
    note: p.text().nullable(),
    /** When that person took over; null before, and where nobody does. */
    endedAt: p.datetime(3).nullable(),
    /** The id of the shift that this one took over. */
    relieves: p.uuid().nullable().unique('duty_shift_relieves_unique'),
  },
});
export type DutyShiftRow = InferEntity<typeof DutyShift>;
