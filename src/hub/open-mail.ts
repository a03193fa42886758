import { letterCarrier } from '../institutions/letters/letter-carrier.ts';
import { Mailer } from '../mail/mailer.ts';
import { Courier } from '../outgoing/courier.ts';
import type { OpenJournal } from './open-journal.ts';
import type { Start } from './options.ts';

/** How letters leave this hub. */
export interface OpenMail {
  sendsLetters: boolean;
  /** The address that they come from. */
  sender: string | undefined;
  /** Hands letters of others to the relay; undefined where there is none. */
  mailer: Mailer | undefined;
  wakeLetters(): void;
  counts(): Courier['counts'];
}

/** Nothing leaves. */
const NO_MAIL: OpenMail = {
  sendsLetters: false,
  sender: undefined,
  mailer: undefined,
  wakeLetters: () => undefined,
  counts: () => ({ delivered: 0, retry: 0, failed: 0 }),
};

/** Opens the courier of letters, where the operator has a relay. */
export function openMail({ options, clock, closing, warn }: Start, { database, reads }: OpenJournal): OpenMail {
  const { mail, logger } = options;
  if (!mail) return NO_MAIL;
  const mailer = new Mailer(mail);
  // After every courier that hands it letters.
  closing.push(() => mailer.close());
  const carrier = letterCarrier({
    em: database.em,
    source: { ...reads, clock },
    mailer,
    onAway: (fault) => logger.warn({ fault }, 'the mail relay takes nothing, and is left alone for a while'),
  });
  const courier = new Courier({ carrier, onError: warn('letters could not be served') });
  closing.pushEarly(() => courier.close());
  return {
    sendsLetters: true,
    sender: mailer.sender,
    mailer,
    wakeLetters: () => courier.wake(),
    counts: () => courier.counts,
  };
}
