import { LETTERS_AT_ONCE, type Mailer } from '../../mail/mailer.ts';
import { callLetter, codeLetter } from './message.words.ts';
import type { MessageSender } from './outgoing-message.ts';

/** Hands messages to the operator's mail relay. */
export const relaySender = (mailer: Pick<Mailer, 'send'>): MessageSender => ({
  ways: ['EMAIL'],
  atOnce: LETTERS_AT_ONCE,
  send: (message, signal) => {
    const { call, code } = message;
    const letter = call ? callLetter(message, call.words, call.link) : codeLetter(message, code ?? '');
    return mailer.send(letter, signal);
  },
});
