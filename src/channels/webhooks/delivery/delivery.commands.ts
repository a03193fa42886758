import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import { Account } from '../../../access/account.entity.ts';
import { demand } from '../../../access/permissions.rules.ts';
import { parisTime } from '../../../clock.ts';
import { sqlIn } from '../../../database/sql-in.ts';
import { HubError } from '../../../errors.ts';
import { notFound } from '../../../office/lock.queries.ts';
import { isUuid } from '../../../uuid.ts';
import { lockWebhook } from '../webhook.commands.ts';
import { WebhookDelivery, type WebhookRow } from '../webhook.entity.ts';
import type { SendingWork } from '../webhook-work.ts';
import { PING, pingBody } from './payload.rules.ts';

interface OfWebhook {
  /** The webhook: the subject of the audit entry. */
  id: string;
  delivery: string;
}

/**
 * Sends a message without a change, once, past those that wait, even to a webhook that is paused. WRONG_STAGE while its owner
 * is disabled.
 */
export async function pingWebhook(work: SendingWork, id: string): Promise<OfWebhook> {
  const { em, clock, afterCommit, wakeCourier } = work;
  const webhook = await lockWebhook(work, 'pingWebhook', id);
  await demandOwner(work, webhook);
  const now = clock.now();
  const ping = em.create(WebhookDelivery, {
    id: uuid(),
    webhook,
    position: null,
    type: PING,
    publication: null,
    body: pingBody(id, parisTime(now)),
    state: 'PENDING',
    attempts: 0,
    createdAt: now,
    dueAt: now,
  });
  await em.flush();
  afterCommit(wakeCourier);
  return { id, delivery: ping.id };
}

/**
 * Sends a message at once: once more under its id with all its attempts before it, or, while it waits, without waiting
 * longer. It keeps its place: later messages wait for it. WRONG_STAGE for a webhook that is paused, or
 * whose owner is disabled.
 */
export async function replayDelivery(work: SendingWork, id: string): Promise<OfWebhook> {
  const { em, clock, afterCommit, wakeCourier } = work;
  const webhook = await lockWebhook(work, 'replayWebhookDelivery', await webhookOf(work, id));
  await demandOwner(work, webhook);
  if (webhook.paused) throw new HubError('WRONG_STAGE', 'this webhook is paused: resume it first');
  const again = { state: 'PENDING', attempts: 0, dueAt: clock.now(), endedAt: null } as const;
  await em.nativeUpdate(WebhookDelivery, { id, webhook }, again);
  afterCommit(wakeCourier);
  return { id: webhook.id, delivery: id };
}

/** An ADMIN sends nothing for an owner who is disabled: it would wait until they are enabled. */
async function demandOwner({ em }: SendingWork, { owner }: WebhookRow): Promise<void> {
  const { disabledAt } = await em.findOneOrFail(Account, { id: owner.id }, { refresh: true });
  if (disabledAt) throw new HubError('WRONG_STAGE', 'the owner of this webhook is disabled: enable the account first');
}

/** The webhook of a message. A SCHEDULER knows the messages of its own webhooks alone: NOT_FOUND for those of others. */
async function webhookOf({ em, actor }: SendingWork, delivery: string): Promise<string> {
  demand(actor, 'replayWebhookDelivery');
  const own = actor.roles.includes('ADMIN') ? {} : { webhook: { owner: actor.id } };
  const found = isUuid(delivery) ? await em.findOne(WebhookDelivery, { id: delivery, ...own }) : null;
  if (!found) throw notFound('delivery', delivery);
  return found.webhook.id;
}

/**
 * Pauses a webhook that the caller has locked. Gives up the messages that wait, and moves the webhook's position back before
 * the first message that was not delivered since it began to fail: resuming from there loses nothing.
 */
export async function pauseDeliveries(
  em: EntityManager,
  id: string,
  why: WebhookRow['paused'],
  now: Date,
): Promise<void> {
  const at = now.toISOString();
  const sql = sqlIn(em);
  await sql(
    `update webhook w set paused = ?, paused_at = ?, position = least(w.position, (
       select min(d.position) - 1 from webhook_delivery d
       where d.webhook_id = w.id and (d.state = 'PENDING' or (d.state = 'FAILED' and d.attempted_at >= w.failing_since))))
     where w.id = ?`,
    [why, at, id],
  );
  await sql(
    `update webhook_delivery set state = 'FAILED', ended_at = ?, fault = coalesce(fault, 'le webhook est en pause')
     where webhook_id = ? and state = 'PENDING' and position is not null`,
    [at, id],
  );
}
