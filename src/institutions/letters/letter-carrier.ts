import type { EntityManager } from '@mikro-orm/postgresql';
import { pageAfter } from '../../journal/journal.ts';
import { LETTERS_AT_ONCE, type Mailer } from '../../mail/mailer.ts';
import { RelayRest } from '../../mail/relay-rest.ts';
import type { MailAnswer } from '../../mail/smtp-answer.rules.ts';
import type { Carrier } from '../../outgoing/courier.ts';
import { enqueueLetters, hasInstitutions, type LetterSource } from './enqueue-letters.commands.ts';
import { invitationLetter, newsLetter } from './letter-text.rules.ts';
import {
  type LeasedLetter,
  type LetterAnswer,
  leaseLetters,
  recordLetter,
  returnLetter,
} from './letter-turn.commands.ts';

export interface LetterCarrierOptions {
  /** A fresh entity manager: one unit of work. */
  em(): EntityManager;
  source: LetterSource;
  mailer: Pick<Mailer, 'send'>;
  rest?: RelayRest;
  /** Hears why a relay is left alone. */
  onAway(fault: string): void;
}

/** A relay that refuses so many addresses one after the other, and takes none, is at fault itself. */
const MOST_REFUSED = 5;

/** Carries letters to the operator's relay. */
export function letterCarrier(options: LetterCarrierOptions): Carrier<LeasedLetter, LetterAnswer> {
  const { em, source, mailer, onAway, rest = new RelayRest() } = options;
  const { clock, journal } = source;
  let refused = 0;

  /** The document that a letter tells of; undefined where the journal was restored, and another entry stands there. */
  async function documentOf({ publication, position }: LeasedLetter) {
    const entry = position === null ? undefined : (await pageAfter(journal, position - 1, 1))[0];
    return entry?.position === position && entry?.subject === publication ? entry?.document : undefined;
  }

  function judged(answer: MailAnswer): MailAnswer {
    if (answer.kind !== 'refused') {
      refused = answer.kind === 'sent' ? 0 : refused;
      return answer;
    }
    refused += 1;
    if (refused <= MOST_REFUSED) return answer;
    return { ...answer, kind: 'away', fault: 'le relais refuse une adresse après l’autre' };
  }

  return {
    atOnce: LETTERS_AT_ONCE,
    isWanted: () => hasInstitutions(em()),
    enqueueNext: () => enqueueLetters(em(), source),
    lease: async (most) => {
      const room = rest.roomOf(most);
      return room === 0 ? [] : leaseLetters(em(), clock.now(), room);
    },
    send: async (letter, signal) => {
      if (letter.purpose === 'INVITATION') return judged(await mailer.send(invitationLetter(letter, source), signal));
      const document = await documentOf(letter);
      return document ? judged(await mailer.send(newsLetter(letter, document, source), signal)) : { kind: 'gone' };
    },
    record: (letter, answer) => {
      if (answer.kind === 'away') onAway(answer.fault);
      else if (answer.kind !== 'gone') rest.answered();
      const restMs = answer.kind === 'away' ? rest.failed() : 0;
      return recordLetter(em(), letter, answer, { now: clock.now(), restMs });
    },
    returnLease: (letter) => returnLetter(em(), letter),
    traced: (_letter, attempt) => attempt(() => undefined),
  };
}
