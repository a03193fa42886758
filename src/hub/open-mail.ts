import { messageCarrier } from '../contacts/messages/message-carrier.ts';
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
  wakeLetters(): void;
  counts(): Courier['counts'];
  wakeMessages(): void;
  /** Of codes and calls to people's contact points. */
  messageCounts(): Courier['counts'];
}

const NO_COUNTS = () => ({ delivered: 0, retry: 0, failed: 0 });

/** Nothing leaves. */
const NO_MAIL: OpenMail = {
  sendsLetters: false,
  sender: undefined,
  wakeLetters: () => undefined,
  counts: NO_COUNTS,
  wakeMessages: () => undefined,
  messageCounts: NO_COUNTS,
};

/** Opens the couriers of letters and of messages to people, where the operator has a relay: neither takes the room of the other. */
export function openMail(
  { options, clock, closing, publicUrl, warn }: Start,
  { database, reads }: OpenJournal,
): OpenMail {
  const { mail, logger } = options;
  if (!mail) return NO_MAIL;
  const mailer = new Mailer(mail);
  const onAway = (fault: string) =>
    logger.warn({ fault }, 'the mail relay takes nothing, and is left alone for a while');
  const { em } = database;
  const carrier = letterCarrier({ em, source: { ...reads, clock }, mailer, onAway });
  const courier = new Courier({ carrier, onError: warn('letters could not be served') });
  const ofPeople = messageCarrier({ em, clock, mailer, publicUrl, onAway });
  const messages = new Courier({ carrier: ofPeople, onError: warn('messages to people could not be served') });
  closing.pushEarly(async () => {
    await Promise.all([courier.close(), messages.close()]);
    await mailer.close();
  });
  return {
    sendsLetters: true,
    sender: mailer.sender,
    wakeLetters: () => courier.wake(),
    counts: () => courier.counts,
    wakeMessages: () => messages.wake(),
    messageCounts: () => messages.counts,
  };
}
