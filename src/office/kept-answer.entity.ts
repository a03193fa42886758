import { defineEntity, p } from '@mikro-orm/core';

/** The answer to an operation that somebody sent with an Idempotency-Key: kept 48 hours, for them alone. */
export const KeptAnswer = defineEntity({
  name: 'KeptAnswer',
  tableName: 'kept_answer',
  indexes: [{ name: 'kept_answer_at_index', properties: ['at'] }],
  properties: {
    actor: p.uuid().primary(),
    key: p.text().primary(),
    /** SHA-256 of what was asked: the same key with another request is refused. */
    requestHash: p.text(),
    at: p.datetime(3),
    /** JSON; null only inside the transaction that is about to write it. */
    answer: p.text().nullable(),
  },
});
