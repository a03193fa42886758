import type { SMTPPoolOptions, Transporter } from 'nodemailer';
import { type Letter, mailOf } from './letter.rules.ts';
import { domainOf, type MailSender } from './mail-address.rules.ts';
import type { MailRelay } from './mail-relay.rules.ts';
import { answerOf, type MailAnswer } from './smtp-answer.rules.ts';

export interface MailSettings {
  readonly relay: MailRelay;
  readonly from: MailSender;
  /** Signs every letter for the sender's domain; left out where the relay does. `key` is PEM. */
  readonly dkim?: Readonly<{ selector: string; key: string }> | undefined;
}

export interface MailerOptions extends MailSettings {
  /** Certificates to believe beside those of the machine, in PEM. */
  ca?: string;
  /** The time of one attempt, in milliseconds; 15 seconds where it is left out. */
  timeoutMs?: number;
}

/** How many letters are under way at a time, each over a connection that is kept for the next. */
export const LETTERS_AT_ONCE = 4;
/** Shorter than the lease of a letter. */
const TIMEOUT_MS = 15_000;
const CONNECT_MS = 5_000;
/** Servers cut what is idle for a minute; a connection that one of them has just cut costs an attempt. */
const IDLE_MS = 10_000;

/** Hands letters to the operator's relay. Nothing is connected, nor even loaded, before the first letter. */
export class Mailer {
  readonly #options: MailerOptions;
  #transport: Promise<Transporter> | undefined;

  constructor(options: MailerOptions) {
    this.#options = options;
  }

  /** The address that letters come from. */
  get sender(): string {
    return this.#options.from.address;
  }

  /** Makes one attempt. `sent` says that the relay took the letter. Throws only where `signal` broke it off. */
  async send(letter: Letter, signal: AbortSignal): Promise<MailAnswer> {
    const { from, timeoutMs = TIMEOUT_MS } = this.#options;
    this.#transport ??= openTransport(this.#options);
    const transport = await this.#transport;
    try {
      const both = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      await transport.sendMail({ ...mailOf(letter, from), signal: both });
      return { kind: 'sent' };
    } catch (error) {
      if (signal.aborted) throw error;
      return answerOf(typeof error === 'object' && error !== null ? error : {});
    }
  }

  /** Closes every connection; a letter under way has been broken off before. */
  async close(): Promise<void> {
    (await this.#transport)?.close();
  }
}

async function openTransport({ relay, from, dkim, ca, timeoutMs = TIMEOUT_MS }: MailerOptions): Promise<Transporter> {
  const { createTransport } = await import('nodemailer');
  const { host, port, isSecure, isHere, login } = relay;
  const options: SMTPPoolOptions & { pool: true } = {
    pool: true,
    maxConnections: LETTERS_AT_ONCE,
    // One more at once, for a connection that the server had cut meanwhile; the courier does the rest.
    maxRequeues: 1,
    idleTimeout: IDLE_MS,
    host,
    port,
    secure: isSecure,
    // Without it a relay that offers no TLS would be told the password in clear.
    ...(isHere && !login && !isSecure ? { ignoreTLS: true } : { requireTLS: true }),
    ...(login ? { auth: { user: login.user, pass: login.password } } : {}),
    ...(ca === undefined ? {} : { tls: { ca } }),
    ...(dkim ? { dkim: { domainName: domainOf(from.address), keySelector: dkim.selector, privateKey: dkim.key } } : {}),
    connectionTimeout: Math.min(CONNECT_MS, timeoutMs),
    greetingTimeout: Math.min(CONNECT_MS, timeoutMs),
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  return createTransport(options) as unknown as Transporter;
}
