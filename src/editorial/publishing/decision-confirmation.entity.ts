import { defineEntity, p } from '@mikro-orm/core';
import { Account } from '../../access/account.entity.ts';
import type { OralOrder } from '../../publications/decision/confirmation.ts';
import { Dossier } from '../dossier/dossier.entity.ts';

/**
 * The written act behind an oral order that is public, and the person who told it: once for each order of a thread, by nobody who
 * wrote the order down, and together with its journal entry (I-66). It never changes.
 */
export const DecisionConfirmation = defineEntity({
  name: 'DecisionConfirmation',
  tableName: 'decision_confirmation',
  indexes: [
    {
      name: 'decision_confirmation_once',
      expression:
        'create unique index "decision_confirmation_once" on "decision_confirmation" ("dossier_id", "oral_order")',
    },
  ],
  triggers: [
    {
      name: 'decision_confirmation_guard',
      timing: 'before',
      events: ['insert', 'update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger decision_confirmation_guard before insert or update or delete on decision_confirmation for each row execute function decision_confirmation_guard()',
    },
    {
      name: 'decision_confirmation_told',
      timing: 'after',
      events: ['insert'],
      forEach: 'row',
      expression:
        'create constraint trigger decision_confirmation_told after insert on decision_confirmation deferrable initially deferred for each row execute function decision_confirmation_told()',
    },
    {
      name: 'decision_confirmation_ends_calls',
      timing: 'after',
      events: ['insert'],
      forEach: 'row',
      expression:
        'create trigger decision_confirmation_ends_calls after insert on decision_confirmation for each row execute function decision_confirmation_ends_calls()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    dossier: () => p.manyToOne(Dossier),
    /** As the live revision has it; PostgreSQL writes it. */
    oralOrder: p.json<OralOrder>(),
    act: p.text(),
    url: p.text().nullable(),
    /** When the act was signed. */
    confirmedAt: p.datetime(3),
    by: () => p.manyToOne(Account),
    /** That of the journal entry which told it. */
    at: p.datetime(3),
  },
});
