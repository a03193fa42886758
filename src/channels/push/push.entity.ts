import { defineEntity, p } from '@mikro-orm/core';
import type { Mode, PublicationKind } from '../../publications/vocabulary.ts';

/**
 * An app that is told by push while it is closed. Nobody knows whose it is: its address is sealed, and nothing else tells (I-62).
 * Until it is confirmed it gets one code and nothing more (I-61).
 */
export const PushSubscription = defineEntity({
  name: 'PushSubscription',
  tableName: 'push_subscription',
  uniques: [{ name: 'push_subscription_digest_unique', properties: ['digest'] }],
  indexes: [
    { name: 'push_subscription_walk_index', properties: ['service', 'id'] },
    { name: 'push_subscription_renewed_index', properties: ['renewedAt'] },
    {
      name: 'push_subscription_greeting_index',
      expression:
        'create index "push_subscription_greeting_index" on "push_subscription" ("greeting_due_at") where "confirmed_at" is null',
    },
  ],
  checks: [{ name: 'push_subscription_since_check', expression: '(confirmed_at is null) = (since is null)' }],
  properties: {
    /** Random in every bit, so that a part of the ids is a part of the readers. */
    id: p.uuid().primary(),
    /** By which its endpoint is found: a hash that nobody can make without the hub's secret. */
    digest: p.text(),
    /** Endpoint and keys, encrypted. */
    sealed: p.text(),
    /** The key of the hub that it was made with. */
    keyId: p.text(),
    /** The push service; of a server that is no public service, a name that says nothing. */
    service: p.text(),
    /** Null: every kind. */
    kinds: p.array().$type<PublicationKind[]>().nullable(),
    /** INSEE codes of today; null: everywhere. */
    communes: p.array().nullable(),
    /** The least gravity of alerts. */
    least: p.integer(),
    modes: p.array().$type<Mode[]>(),
    /** BCP 47. */
    language: p.text(),
    /** SHA-256 of the secret by which its app removes it. */
    secretHash: p.text(),
    createdAt: p.datetime(3),
    /** When its app saved it last. */
    renewedAt: p.datetime(3),
    confirmedAt: p.datetime(3).nullable(),
    /** The journal's last position when it was confirmed: nothing up to there is pushed. */
    since: p.bigint('number').nullable(),
    /** How often the code was sent, and when it is next; null once a service took it. */
    greeted: p.integer(),
    greetingDueAt: p.datetime(3).nullable(),
    /** Pushes that the service refused one after the other. */
    failed: p.integer(),
  },
});

/**
 * One change that rings, for the readers of one push service, or for a part of them where they are many. It is walked by the
 * ids of subscriptions, and gone once it is done.
 */
export const PushJob = defineEntity({
  name: 'PushJob',
  tableName: 'push_job',
  indexes: [{ name: 'push_job_due_index', properties: ['gravity', 'position', 'id'] }],
  properties: {
    id: p.uuid().primary(),
    thread: p.uuid(),
    /** Of the entry of the journal that rings. */
    position: p.bigint('number'),
    service: p.text(),
    /** The last subscription that was walked, and the last one of this part; null: from the first, to the last. */
    afterId: p.uuid().nullable(),
    untilId: p.uuid().nullable(),
    /** Subscriptions before that which are tried once more. */
    again: p.array(),
    gravity: p.integer(),
    /** How often in a row some had to be tried once more. */
    attempts: p.integer(),
    createdAt: p.datetime(3),
    dueAt: p.datetime(3),
    /** When the change has nothing to tell any more. */
    expiresAt: p.datetime(3),
    /** The courier that may walk it, and until when no other one may, by the database's clock. */
    lease: p.uuid().nullable(),
    leasedUntil: p.datetime(3).nullable(),
  },
});

/** A push service that is left alone for a while, for all hubs; there is no row of one that works. */
export const PushService = defineEntity({
  name: 'PushService',
  tableName: 'push_service',
  properties: {
    service: p.text().primary(),
    failures: p.integer(),
    openUntil: p.datetime(3),
  },
});

/** When a reader was pushed to last, a few times: from the fourth push in ten minutes on they come without a sound. */
export const PushTold = defineEntity({
  name: 'PushTold',
  tableName: 'push_told',
  indexes: [{ name: 'push_told_newest_index', properties: ['newest'] }],
  properties: {
    /** The subscription; one that is removed leaves this behind for ten minutes. */
    id: p.uuid().primary(),
    /** Newest first. */
    at: p.array().columnType('timestamptz[]'),
    newest: p.datetime(3),
  },
});

/** One row: up to which entry of the journal jobs were made. */
export const PushProgress = defineEntity({
  name: 'PushProgress',
  tableName: 'push_progress',
  properties: {
    id: p.integer().primary().autoincrement(false),
    position: p.bigint('number'),
  },
});
