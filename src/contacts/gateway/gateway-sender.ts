import type { AttemptResult } from '../../channels/webhooks/delivery/send.ts';
import { type SigningKey, signatureHeaders } from '../../channels/webhooks/key.rules.ts';
import type { WebhookTargets } from '../../channels/webhooks/target.ts';
import type { Clock } from '../../clock.ts';
import type { MailAnswer } from '../../mail/smtp-answer.rules.ts';
import type { MessageSender } from '../messages/outgoing-message.ts';
import { gatewayBody } from './gateway-message.rules.ts';

export interface GatewaySenderOptions {
  url: string;
  /** The newest first. */
  keys: readonly SigningKey[];
  targets: WebhookTargets;
  clock: Clock;
}

const AT_ONCE = 8;
/** Loaded with the first message: most hubs have no gateway. */
const sender = () => import('../../channels/webhooks/delivery/send.ts');

/** Hands texts and spoken messages to the operator's gateway, signed as the hub's webhooks are. */
export const gatewaySender = ({ url, keys, targets, clock }: GatewaySenderOptions): MessageSender => ({
  ways: ['SMS', 'VOICE'],
  atOnce: AT_ONCE,
  send: async (message, signal) => {
    const body = gatewayBody(message);
    const headers = signatureHeaders(keys, { id: message.id, at: clock.now(), body });
    const { send } = await sender();
    return answerOf(await send({ url, headers, body }, targets, signal));
  },
});

/** Statuses that speak of one message alone: what is refused so says nothing of the next. */
const REFUSED: readonly number[] = [400, 404, 409, 410, 413, 422];

function answerOf({ status, fault }: AttemptResult): MailAnswer {
  if (fault === null) return { kind: 'sent' };
  if (status === null || status === 401 || status === 403) return { kind: 'away', status, fault };
  return { kind: REFUSED.includes(status) ? 'refused' : 'later', status, fault };
}
