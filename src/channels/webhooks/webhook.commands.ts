import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import { type Action, demand } from '../../access/permissions.rules.ts';
import { readChangeFilter } from '../../board/filter/change-filter.rules.ts';
import type { ChangeFilter } from '../../board/filter/change-filter.types.ts';
import { sqlIn } from '../../database/sql-in.ts';
import { fieldFaults, invalidInput } from '../../errors.ts';
import { demandVersion, lockRow, notFound } from '../../office/lock.queries.ts';
import { accountOf } from '../../office/unit-of-work.ts';
import { optional } from '../../publications/content/content.ts';
import { FRENCH, languageTag } from '../../publications/content/language.rules.ts';
import { plainLine } from '../../publications/content/text/plain-text.ts';
import { NETWORKS } from '../social/fitting/networks.ts';
import { newKey, type SigningKey, verificationKey } from './key.rules.ts';
import type { CheckedTarget } from './target.ts';
import type { WebhookSignature } from './vocabulary.ts';
import { Webhook, WebhookDelivery, WebhookKey, type WebhookRow } from './webhook.entity.ts';
import type { SendingWork, WebhookWork } from './webhook-work.ts';

const webhookInput = z.object({
  name: plainLine(200),
  url: z.string().max(2000, 'must have at most 2000 characters'),
  networks: optional(z.array(z.enum(NETWORKS))).transform((all) => [...new Set(all ?? [])]),
  language: optional(languageTag).transform((tag) => tag ?? FRENCH),
});

/** A webhook as somebody asks for it. */
export interface WebhookWish {
  /** Its address is not read from here. */
  input: { name: string };
  where?: ChangeFilter | null;
  /** Its address, checked before the transaction, because the check asks the network. */
  target: CheckedTarget;
}

export interface Issued {
  /** The webhook. */
  id: string;
  /** The key that the receiver verifies with; a secret is shown here and never again. */
  key: string;
}

/** Adds a webhook, which gets every change from now on. The actor owns it. INVALID_INPUT names every faulty field. */
export async function addWebhook(
  work: WebhookWork,
  { signature, ...wish }: WebhookWish & { signature: WebhookSignature },
): Promise<Issued> {
  const { em, actor, clock } = work;
  demand(actor, 'addWebhook');
  const content = contentOf(work, wish);
  const webhook = em.create(Webhook, {
    id: uuid(),
    version: 1,
    owner: accountOf(work, actor),
    ...content,
    createdAt: clock.now(),
    position: await headOf(work),
  });
  const key = issueKey(work, webhook, signature);
  await em.flush();
  return { id: webhook.id, key: verificationKey(key) };
}

export interface OneWebhook {
  id: string;
  version: number;
}

/** Replaces a webhook's content. Messages that wait go to the new address, at once. CONFLICT when somebody saved it first. */
export async function reviseWebhook(
  work: SendingWork,
  { id, version, ...wish }: OneWebhook & WebhookWish,
): Promise<{ id: string }> {
  const webhook = await lockWebhook(work, 'reviseWebhook', id, version);
  const { url } = webhook;
  Object.assign(webhook, contentOf(work, wish), { version: webhook.version + 1 });
  if (webhook.url !== url) {
    webhook.failingSince = null;
    await work.em.nativeUpdate(
      WebhookDelivery,
      { webhook, state: 'PENDING' },
      { attempts: 0, dueAt: work.clock.now() },
    );
    work.afterCommit(work.wakeCourier);
  }
  await work.em.flush();
  return { id };
}

/** Removes a webhook with its log: its address gets no further message. */
export async function removeWebhook(work: WebhookWork, { id, version }: OneWebhook): Promise<{ id: string }> {
  const webhook = await lockWebhook(work, 'removeWebhook', id, version);
  await work.em.remove(webhook).flush();
  return { id };
}

/** Makes a new key for a webhook; the caller flushes. */
export function issueKey({ em, clock }: WebhookWork, webhook: WebhookRow, signature: WebhookSignature): SigningKey {
  const key = newKey(signature);
  em.create(WebhookKey, { id: uuid(), webhook, ...key, createdAt: clock.now() });
  return key;
}

/** The journal's last position: a new webhook gets no entry up to here. */
export async function headOf({ em }: WebhookWork): Promise<number> {
  const [head] = await sqlIn(em)<{ position: string }>('select position from journal_head where id = 1');
  return Number(head?.position);
}

/**
 * Locks a webhook for this transaction. A SCHEDULER knows its own alone: NOT_FOUND for those of others. CONFLICT where a
 * version is given and another one stands there.
 */
export async function lockWebhook(
  { em, actor }: WebhookWork,
  action: Action,
  id: string,
  version?: number,
): Promise<WebhookRow> {
  demand(actor, action);
  const webhook: WebhookRow = await lockRow(em, { entity: Webhook, name: 'webhook' }, id);
  if (!actor.roles.includes('ADMIN') && webhook.owner.id !== actor.id) throw notFound('webhook', id);
  if (version !== undefined) demandVersion(webhook, 'webhook', version);
  return webhook;
}

/** What these name comes and goes, and a webhook stays. */
const NOT_FOR_WEBHOOKS = ['publications', 'incidents', 'hazards'] as const;

function contentOf({ territory }: WebhookWork, { input, where, target }: WebhookWish) {
  const read = webhookInput.safeParse({ ...input, url: target.url });
  const faults = read.error ? fieldFaults(read.error, 'input') : [];
  if (target.fault) faults.push({ path: 'input.url', message: target.fault });
  for (const field of NOT_FOR_WEBHOOKS)
    if (where?.[field])
      faults.push({
        path: `where.${field}`,
        message: 'is not for webhooks: choose among their messages, which hold it',
      });
  if (!read.data || faults.length > 0) throw invalidInput(faults);
  const { communes, modes } = readChangeFilter(where, territory);
  return {
    ...read.data,
    url: new URL(read.data.url).href,
    kinds: where?.kinds ? [...new Set(where.kinds)] : null,
    communes: communes ? [...communes] : null,
    severityAtLeast: where?.severityAtLeast ?? null,
    modes: [...modes],
  };
}
