import { PushSeal } from '../channels/push/envelope/push-seal.ts';
import { SenderKey } from '../channels/push/envelope/sender-keys.ts';
import { pushCarrier } from '../channels/push/jobs/push-carrier.ts';
import { PushSender } from '../channels/push/jobs/push-sender.ts';
import type { PushDesk } from '../channels/push/push.resolver.ts';
import { nameServers, PUBLIC_TARGETS, TARGETS_WITH_LOOPBACK } from '../outgoing/checked-connection.ts';
import { Courier } from '../outgoing/courier.ts';
import type { OpenJournal } from './open-journal.ts';
import type { Start } from './options.ts';

/** How pushes leave this hub. */
export interface OpenPush {
  /** Undefined where the operator gave no key: no push is offered. */
  desk: PushDesk | undefined;
  wake(): void;
  /** How attempts of this process ended, by service and outcome. */
  counts(): Iterable<readonly [service: string, outcome: string, count: number]>;
}

const NO_PUSH: OpenPush = { desk: undefined, wake: () => undefined, counts: () => [] };

/** The courier waits two seconds for what is under way; then lines are cut, whatever their services do. */
const CUT_MS = 2_500;

/** Opens the courier of pushes, where the operator has a key. */
export function openPush({ options, clock, closing, warn }: Start, { database, reads }: OpenJournal): OpenPush {
  const { push: secrets, logger, allowLoopback = false } = options;
  if (!secrets) return NO_PUSH;
  const keys = secrets.keys.map((pem) => new SenderKey(pem));
  const settings = { keys, seal: new PushSeal(secrets.seal), subject: secrets.subject };
  const reachable = allowLoopback
    ? { ...TARGETS_WITH_LOOPBACK, anyPort: true }
    : { ...PUBLIC_TARGETS, resolve: nameServers() };
  const { pushTargets: targets = reachable } = options;
  const sender = new PushSender(settings, targets, clock);
  const counts = new PushCounts();
  const carrier = pushCarrier({
    em: database.em,
    source: { ...reads, clock },
    settings,
    sender,
    onPush: (service, outcome) => counts.add(service, outcome),
    onRefused: (service) => logger.error({ service }, 'a push service takes neither the key nor the token of this hub'),
  });
  const courier = new Courier({ carrier, onError: warn('pushes could not be served') });
  closing.pushEarly(async () => {
    const cut = setTimeout(() => sender.close(), CUT_MS);
    await courier.close();
    clearTimeout(cut);
    sender.close();
  });
  const wake = () => courier.wake();
  return { desk: { settings, targets, wake }, wake, counts: () => counts.all() };
}

/** Attempts, by service and outcome. Services that are not public stand together, so that the list stays short. */
class PushCounts {
  readonly #counts = new Map<string, Map<string, number>>();

  add(service: string, outcome: string): void {
    const of = this.#counts.get(service) ?? new Map<string, number>();
    of.set(outcome, (of.get(outcome) ?? 0) + 1);
    this.#counts.set(service, of);
  }

  *all(): Iterable<readonly [string, string, number]> {
    for (const [service, of] of this.#counts) for (const [outcome, count] of of) yield [service, outcome, count];
  }
}
