import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { Account } from '../../access/account.entity.ts';
import { type PublicationKind, type ResponseType, SEVERITIES } from '../../publications/vocabulary.ts';
import { SIGNATURE_RULE_STATES, type SignatureNeed } from './needs.rules.ts';

/**
 * People of which organisations must have approved what is published. PostgreSQL publishes nothing without them (I-45), and holds
 * that two administrators put a rule in force and end it (I-46); a rule never changes.
 */
export const SignatureRule = defineEntity({
  name: 'SignatureRule',
  tableName: 'signature_rule',
  triggers: [
    {
      name: 'signature_rule_guard',
      timing: 'before',
      events: ['insert', 'update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger signature_rule_guard before insert or update or delete on signature_rule for each row execute function signature_rule_guard()',
    },
    {
      name: 'signature_rule_ends_calls',
      timing: 'after',
      events: ['update'],
      forEach: 'row',
      expression:
        'create trigger signature_rule_ends_calls after update on signature_rule for each row execute function signature_rule_ends_calls()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    /** Grows with each mutation: the optimistic lock that clients hold. */
    version: p.integer(),
    name: p.text(),
    kinds: p.array().$type<PublicationKind[]>(),
    /** It asks of publications that are at least so grave; null: of all. */
    severityAtLeast: p.enum(SEVERITIES).nullable(),
    /** It asks of publications that ask people for one of these; empty: of all. */
    responseTypes: p.array().$type<ResponseType[]>(),
    needs: p.json<SignatureNeed[]>(),
    state: p.enum(SIGNATURE_RULE_STATES),
    proposedBy: () => p.manyToOne(Account),
    /** Dated by PostgreSQL, as are the other times. */
    proposedAt: p.datetime(3),
    approvedBy: () => p.manyToOne(Account).nullable(),
    approvedAt: p.datetime(3).nullable(),
    /** The first of the two administrators who end a rule in force. */
    endAskedBy: () => p.manyToOne(Account).nullable(),
    endAskedAt: p.datetime(3).nullable(),
    endedBy: () => p.manyToOne(Account).nullable(),
    endedAt: p.datetime(3).nullable(),
  },
});
export type SignatureRuleRow = InferEntity<typeof SignatureRule>;
