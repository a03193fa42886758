import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { Account } from '../../access/account.entity.ts';
import type { Mode, PublicationKind, Severity } from '../../publications/vocabulary.ts';
import type { SocialNetwork } from '../social/fitting/networks.ts';
import type { DeliveryState, WebhookPause, WebhookSignature } from './vocabulary.ts';

/** An address that gets a message for each change: which changes, and up to which position messages were made. */
export const Webhook = defineEntity({
  name: 'Webhook',
  tableName: 'webhook',
  properties: {
    id: p.uuid().primary(),
    /** Grows with each mutation: the optimistic lock that clients hold. */
    version: p.integer(),
    owner: () => p.manyToOne(Account),
    name: p.text(),
    url: p.text(),
    /** Null: every kind. */
    kinds: p.array().$type<PublicationKind[]>().nullable(),
    /** INSEE codes of today; null: everywhere. */
    communes: p.array().nullable(),
    severityAtLeast: p.text().$type<Severity>().nullable(),
    modes: p.array().$type<Mode[]>(),
    /** For which networks a message holds a ready-made post. */
    networks: p.array().$type<SocialNetwork[]>(),
    /** BCP 47, of those posts. */
    language: p.text(),
    createdAt: p.datetime(3),
    /** Of all entries of the journal up to here there are deliveries, where they are wanted. */
    position: p.bigint('number'),
    /** Beside it a webhook rests while its owner is disabled. */
    paused: p.text().$type<Exclude<WebhookPause, 'OWNER_DISABLED'>>().nullable(),
    pausedAt: p.datetime(3).nullable(),
    /** The first attempt that failed since one succeeded. */
    failingSince: p.datetime(3).nullable(),
  },
});
export type WebhookRow = InferEntity<typeof Webhook>;

/** A key that messages are signed with. It stands in no view and in no audit entry: see `docs/decisions`. */
export const WebhookKey = defineEntity({
  name: 'WebhookKey',
  tableName: 'webhook_key',
  indexes: [{ name: 'webhook_key_webhook_index', properties: ['webhook'] }],
  properties: {
    id: p.uuid().primary(),
    webhook: () => p.manyToOne(Webhook).deleteRule('cascade'),
    signature: p.text().$type<WebhookSignature>(),
    /** `whsec_` or `whsk_` and base64. */
    secret: p.text(),
    /** `whpk_` and base64; null for HMAC. */
    publicKey: p.text().nullable(),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3).nullable(),
  },
});

/** One message for one webhook. Its id is the `webhook-id`, the same over every attempt; its body never changes. */
export const WebhookDelivery = defineEntity({
  name: 'WebhookDelivery',
  tableName: 'webhook_delivery',
  indexes: [
    { name: 'webhook_delivery_due_index', properties: ['state', 'dueAt'] },
    { name: 'webhook_delivery_turn_index', properties: ['webhook', 'state', 'position'] },
    { name: 'webhook_delivery_log_index', properties: ['webhook', 'createdAt', 'id'] },
  ],
  uniques: [{ name: 'webhook_delivery_order_unique', properties: ['webhook', 'position'] }],
  properties: {
    id: p.uuid().primary(),
    webhook: () => p.manyToOne(Webhook).deleteRule('cascade'),
    /** The position of its journal entry: the order of messages. Null for a ping, which keeps to no order. */
    position: p.bigint('number').nullable(),
    type: p.text(),
    publication: p.uuid().nullable(),
    body: p.text(),
    state: p.text().$type<DeliveryState>(),
    attempts: p.integer(),
    createdAt: p.datetime(3),
    dueAt: p.datetime(3),
    /** The courier that may send it, and until when no other one may, by the database's clock. */
    lease: p.uuid().nullable(),
    leasedUntil: p.datetime(3).nullable(),
    attemptedAt: p.datetime(3).nullable(),
    endedAt: p.datetime(3).nullable(),
    /** The HTTP status of the last attempt; null where there was no answer. */
    status: p.integer().nullable(),
    /** Why the last attempt failed, in French. */
    fault: p.text().nullable(),
  },
});
export type DeliveryRow = InferEntity<typeof WebhookDelivery>;
