import type { SigningKey } from '../../channels/webhooks/key.rules.ts';
import type { WebhookTargets } from '../../channels/webhooks/target.ts';
import type { PointWay } from '../../contacts/contact.rules.ts';
import { gatewaySender } from '../../contacts/gateway/gateway-sender.ts';
import { messageCarrier } from '../../contacts/messages/message-carrier.ts';
import type { MessageSender } from '../../contacts/messages/outgoing-message.ts';
import { relaySender } from '../../contacts/messages/relay-sender.ts';
import type { Mailer } from '../../mail/mailer.ts';
import { Courier } from '../../outgoing/courier.ts';
import type { OpenJournal } from '../open-journal.ts';
import type { Start } from '../options.ts';

/** How messages to people's contact points leave this hub. */
export interface OpenMessages {
  sendsBy: readonly PointWay[];
  wakeMessages(): void;
  counts(): Courier['counts'];
}

/** The keys of the operator's gateway, the newest first. */
export const gatewayKeys = ({ options: { gateway } }: Pick<Start, 'options'>): SigningKey[] =>
  (gateway?.secrets ?? []).map((secret) => ({ signature: 'HMAC', secret, publicKey: null }));

/** Opens a courier for the operator's mail relay and one for the gateway, where they are: neither takes the room of the other. */
export function openMessages(
  start: Start,
  { database: { em } }: OpenJournal,
  { mailer, targets }: { mailer: Mailer | undefined; targets: WebhookTargets },
): OpenMessages {
  const { options, clock, closing, publicUrl, warn } = start;
  const { gateway, logger } = options;
  const keys = gatewayKeys(start);
  const senders: MessageSender[] = [
    ...(mailer ? [relaySender(mailer)] : []),
    ...(gateway ? [gatewaySender({ url: gateway.url, keys, targets: gateway.targets ?? targets, clock })] : []),
  ];
  const couriers = senders.map((sender) => {
    const onAway = (fault: string) =>
      logger.warn({ fault, ways: sender.ways }, 'messages to people are not taken, and are left for a while');
    const carrier = messageCarrier({ em, clock, sender, publicUrl, onAway });
    const courier = new Courier({ carrier, onError: warn('messages to people could not be served') });
    closing.pushEarly(() => courier.close());
    return courier;
  });
  return {
    sendsBy: senders.flatMap(({ ways }) => ways),
    wakeMessages: () => {
      for (const courier of couriers) courier.wake();
    },
    counts: () => couriers.map(({ counts }) => counts).reduce(together, { delivered: 0, retry: 0, failed: 0 }),
  };
}

const together = (all: Courier['counts'], one: Courier['counts']): Courier['counts'] => ({
  delivered: all.delivered + one.delivered,
  retry: all.retry + one.retry,
  failed: all.failed + one.failed,
});
