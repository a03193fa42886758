import type { EntityManager } from '@mikro-orm/postgresql';
import { pageAfter } from '../../../journal/journal.ts';
import type { Carrier } from '../../../outgoing/courier.ts';
import { tracedAttempt } from '../../../tracing/publication-trace.ts';
import { signatureHeaders } from '../key.rules.ts';
import type { WebhookTargets } from '../target.ts';
import { type LeasedMessage, leaseDue, recordAnswer, returnLease } from './attempt.commands.ts';
import { type EnqueueSource, enqueueNext, hasWebhooks } from './enqueue.commands.ts';
import type { AttemptResult } from './send.ts';

export interface WebhookCarrierOptions {
  /** A fresh entity manager: one unit of work. */
  em(): EntityManager;
  source: EnqueueSource;
  targets: WebhookTargets;
  random?: () => number;
}

/** A webhook has one message under way at most: a slow receiver delays nobody else. */
const AT_ONCE = 32;
/** Loaded with the first message: what speaks HTTP for it is a fifth of the hub's code, and most hubs have no webhook. */
const sender = () => import('./send.ts');

/** Carries the deliveries of webhooks. */
export function webhookCarrier(options: WebhookCarrierOptions): Carrier<LeasedMessage, AttemptResult> {
  const { em, source, targets, random = Math.random } = options;
  const { clock, journal } = source;
  return {
    atOnce: AT_ONCE,
    isWanted: () => hasWebhooks(em()),
    enqueueNext: () => enqueueNext(em(), source),
    lease: (most) => leaseDue(em(), clock.now(), most),
    send: async ({ id, url, body, keys }, signal) => {
      const headers = signatureHeaders(keys, { id, at: clock.now(), body });
      const { send } = await sender();
      return send({ url, headers, body }, targets, signal);
    },
    record: (message, answer) => recordAnswer(em(), message, answer, { now: clock.now(), random: random() }),
    returnLease: (message) => returnLease(em(), message),
    traced: ({ webhook, attempts, position }, attempt) => {
      const entry = async () => (position === null ? undefined : (await pageAfter(journal, position - 1, 1))[0]);
      return tracedAttempt({ webhook, attempt: attempts, entry }, (answered) =>
        attempt(({ status }, outcome) => answered(status, outcome)),
      );
    },
  };
}
