import type { EntityManager } from '@mikro-orm/postgresql';
import type { Clock } from '../../clock.ts';
import { LETTERS_AT_ONCE, type Mailer } from '../../mail/mailer.ts';
import { RelayRest } from '../../mail/relay-rest.ts';
import type { Carrier } from '../../outgoing/courier.ts';
import { callLetter, callLink, codeLetter } from './message.words.ts';
import {
  hasMessages,
  isWanted,
  type LeasedContactMessage,
  leaseMessages,
  type MessageAnswer,
  recordMessage,
  returnMessage,
  takeCode,
} from './message-turn.commands.ts';

export interface MessageCarrierOptions {
  /** A fresh entity manager: one unit of work. */
  em(): EntityManager;
  clock: Clock;
  mailer: Pick<Mailer, 'send'>;
  /** Base of the links, without a trailing slash. */
  publicUrl: string;
  rest?: RelayRest;
  /** Hears why a relay is left alone. */
  onAway(fault: string): void;
}

/** Carries codes and calls to people's contact points: by e-mail, beside the letters of institutions and never behind them. */
export function messageCarrier(options: MessageCarrierOptions): Carrier<LeasedContactMessage, MessageAnswer> {
  const { em, clock, mailer, publicUrl, onAway, rest = new RelayRest() } = options;

  /** The letter of a message; null where it is not to be sent any more. */
  async function letterOf(message: LeasedContactMessage) {
    const { words, key } = message;
    if (words !== null && key !== null)
      return (await isWanted(em(), message)) ? callLetter(message, words, callLink(publicUrl, key)) : null;
    const code = await takeCode(em(), message, clock.now());
    return code === null ? null : codeLetter(message, code);
  }

  return {
    atOnce: LETTERS_AT_ONCE,
    isWanted: () => hasMessages(em()),
    // The turn of a call, and the command that asks for a code, have written them.
    enqueueNext: async () => false,
    lease: async (most) => {
      const room = rest.roomOf(most);
      return room === 0 ? [] : leaseMessages(em(), clock.now(), room);
    },
    send: async (message, signal) => {
      const letter = await letterOf(message);
      return letter ? mailer.send(letter, signal) : { kind: 'gone' };
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
