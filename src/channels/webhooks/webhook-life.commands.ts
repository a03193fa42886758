import { invalidInput } from '../../errors.ts';
import { pauseDeliveries } from './delivery/delivery.commands.ts';
import { verificationKey } from './key.rules.ts';
import type { WebhookSignature } from './vocabulary.ts';
import { headOf, type Issued, issueKey, lockWebhook, type OneWebhook } from './webhook.commands.ts';
import { WebhookKey } from './webhook.entity.ts';
import type { SendingWork, WebhookWork } from './webhook-work.ts';

const HOUR_MS = 3600_000;
const LONGEST_OVERLAP = 168;
/** Each key is one more signature in a header. */
const MOST_KEYS = 5;

/** Pauses a webhook. The messages that wait are given up, and are made again when it is resumed from before them. */
export async function pauseWebhook(work: WebhookWork, { id, version }: OneWebhook): Promise<{ id: string }> {
  const webhook = await lockWebhook(work, 'pauseWebhook', id, version);
  webhook.version += 1;
  await work.em.flush();
  if (!webhook.paused) await pauseDeliveries(work.em, id, 'BY_HAND', work.clock.now());
  return { id };
}

/**
 * Resumes a webhook: from now on, or after a position. From a position the hub sends every message since, also those that
 * were delivered, under the same ids.
 */
export async function resumeWebhook(
  work: SendingWork,
  { id, version, from }: OneWebhook & { from: (() => Promise<number>) | null },
): Promise<{ id: string }> {
  const webhook = await lockWebhook(work, 'resumeWebhook', id, version);
  const position = from ? await from() : undefined;
  if (position !== undefined) webhook.position = position;
  else if (webhook.paused) webhook.position = await headOf(work);
  Object.assign(webhook, { version: webhook.version + 1, paused: null, pausedAt: null, failingSince: null });
  await work.em.flush();
  work.afterCommit(work.wakeCourier);
  return { id };
}

export interface Rotation extends OneWebhook {
  signature: WebhookSignature;
  /** For so long messages are signed with the keys before, too. */
  overlapHours: number;
}

/** Makes a new key, which signs at once. INVALID_INPUT for an overlap that cannot be, or too many keys at a time. */
export async function rotateWebhookKey(work: WebhookWork, rotation: Rotation): Promise<Issued> {
  const { id, version, signature, overlapHours } = rotation;
  const webhook = await lockWebhook(work, 'rotateWebhookKey', id, version);
  if (overlapHours < 0 || overlapHours > LONGEST_OVERLAP)
    throw invalidInput([{ path: 'overlapHours', message: `must lie between 0 and ${LONGEST_OVERLAP}` }]);
  const { em, clock } = work;
  const now = clock.now();
  const ends = new Date(now.getTime() + overlapHours * HOUR_MS);
  await em.nativeDelete(WebhookKey, { webhook, expiresAt: { $lte: now } });
  await em.nativeUpdate(
    WebhookKey,
    { webhook, $or: [{ expiresAt: null }, { expiresAt: { $gt: ends } }] },
    { expiresAt: ends },
  );
  if (overlapHours > 0 && (await em.count(WebhookKey, { webhook })) >= MOST_KEYS)
    throw invalidInput([{ path: 'overlapHours', message: `must be 0 while ${MOST_KEYS} keys hold` }]);
  webhook.version += 1;
  const key = issueKey(work, webhook, signature);
  await em.flush();
  return { id, key: verificationKey(key) };
}
