import { createHash } from 'node:crypto';
import type { SendMailOptions } from 'nodemailer';
import { domainOf, type MailSender } from './mail-address.rules.ts';

/** A letter for one mailbox. It is the same, byte for byte, at each attempt. */
export interface Letter {
  /** Of this letter, on every hub: the part of its Message-ID before the @. Letters, digits, hyphens and dots. */
  id: string;
  /** An address that `readMailAddress` gave. */
  to: string;
  subject: string;
  text: string;
  /** Null for words alone. */
  html: string | null;
  /** BCP 47. */
  language: string;
  at: Date;
  /** The ids of the letters that it follows, oldest first: mail programs show them as one thread. */
  follows: readonly string[];
  /** Where one POST takes the mailbox off the list (RFC 8058); null for a letter of no list. */
  leaveUrl: string | null;
}

/** Mail servers and programs cut longer lists; the first id holds the thread together, the last ones find its place. */
const MOST_REFERENCES = 20;
/** A subject is one line of a list on a telephone; longer ones are folded by every server on the way. */
const LONGEST_SUBJECT = 200;

/** A letter as the SMTP client takes it: nothing in it can be read as another header or another recipient. */
export function mailOf(letter: Letter, from: MailSender): SendMailOptions {
  const { id, to, subject, text, html, at, follows, leaveUrl, language } = letter;
  const messageId = (one: string) => `<${one}@${domainOf(from.address)}>`;
  const references = shortened(follows).map(messageId);
  const last = references.at(-1);
  return {
    from,
    to: { name: '', address: to },
    // The envelope says who gets it, whatever the headers could be read as.
    envelope: { from: from.address, to: [to] },
    subject: oneLine(subject).slice(0, LONGEST_SUBJECT).toWellFormed(),
    text,
    ...(html === null ? {} : { html }),
    textEncoding: 'quoted-printable',
    date: at,
    messageId: messageId(id),
    ...(last === undefined ? {} : { inReplyTo: last, references }),
    headers: {
      'Auto-Submitted': 'auto-generated',
      // Exchange's own word for the same: no out-of-office answer comes back.
      'X-Auto-Response-Suppress': 'All',
      'Content-Language': language,
      ...(leaveUrl === null ? {} : { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
    },
    ...(leaveUrl === null ? {} : { list: { unsubscribe: leaveUrl } }),
    baseBoundary: createHash('sha256').update(id).digest('hex').slice(0, 24),
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

const oneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim();

function shortened(follows: readonly string[]): readonly string[] {
  const [first] = follows;
  return first === undefined || follows.length <= MOST_REFERENCES
    ? follows
    : [first, ...follows.slice(1 - MOST_REFERENCES)];
}
