import type { EntityManager } from '@mikro-orm/postgresql';
import type { Clock } from '../../clock.ts';
import { RelayRest } from '../../mail/relay-rest.ts';
import type { Carrier } from '../../outgoing/courier.ts';
import { callLink, severalWords } from './message.words.ts';
import {
  hasMessages,
  type LeasedContactMessage,
  leaseMessages,
  type MessageAnswer,
  recordMessage,
  returnMessage,
  takeCode,
  wantedCalls,
} from './message-turn.commands.ts';
import type { MessageSender, OutgoingMessage } from './outgoing-message.ts';

export interface MessageCarrierOptions {
  /** A fresh entity manager: one unit of work. */
  em(): EntityManager;
  clock: Clock;
  sender: MessageSender;
  /** Base of the links, without a trailing slash. */
  publicUrl: string;
  rest?: RelayRest;
  /** Hears why a relay or a gateway is left alone. */
  onAway(fault: string): void;
}

/** Carries codes and calls to people's contact points by the ways of one sender: beside the letters of institutions, and never behind them. */
export function messageCarrier(options: MessageCarrierOptions): Carrier<LeasedContactMessage, MessageAnswer> {
  const { em, clock, sender, publicUrl, onAway, rest = new RelayRest() } = options;
  const { ways, atOnce } = sender;

  /** A message as it leaves; null where it is not to be sent any more. */
  async function outgoing(message: LeasedContactMessage): Promise<OutgoingMessage | null> {
    const { way, address, createdAt } = message;
    if (message.purpose === 'CALL') {
      const calls = await wantedCalls(em(), message);
      const [first] = calls;
      message.calls = calls;
      if (!first) return null;
      const words = calls.length === 1 ? first.words : severalWords(first.mode, calls.length);
      const call = { reason: first.reason, words, link: callLink(publicUrl, first.key) };
      return { id: first.id, way, address, createdAt, call, code: null };
    }
    const code = await takeCode(em(), message, clock.now());
    const id = `${message.id}.${message.attempts}`;
    return code === null ? null : { id, way, address, createdAt, call: null, code };
  }

  return {
    atOnce,
    isWanted: () => hasMessages(em(), ways),
    // The turn of a call, and the command that asks for a code, have written them.
    enqueueNext: async () => false,
    lease: async (most) => {
      const room = rest.roomOf(most);
      return room === 0 ? [] : leaseMessages(em(), { now: clock.now(), most: room, ways });
    },
    send: async (message, signal) => {
      const left = await outgoing(message);
      return left ? sender.send(left, signal) : { kind: 'gone' };
    },
    record: (message, answer) => {
      if (answer.kind === 'away') onAway(answer.fault);
      else if (answer.kind !== 'gone') rest.answered();
      const restMs = answer.kind === 'away' ? rest.failed() : 0;
      return recordMessage(em(), message, answer, { now: clock.now(), restMs });
    },
    returnLease: (message) => returnMessage(em(), message),
    traced: (_message, attempt) => attempt(() => undefined),
  };
}
