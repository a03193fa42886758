/**
 * The result of an attempt. `refused`: the mailbox is not there. `later`: this letter is to be sent again. `away`: the relay takes nothing
 * from anybody now, so that other letters need not try.
 */
export type MailAnswer =
  | { readonly kind: 'sent' }
  | { readonly kind: 'refused' | 'later' | 'away'; readonly status: number | null; readonly fault: string };

/** An error of the SMTP client, as far as it says how the server answered. */
export interface SmtpError {
  code?: unknown;
  responseCode?: unknown;
  response?: unknown;
  command?: unknown;
}

/** An enhanced status code of RFC 3463, as `5.1.1`. */
const ENHANCED = /(?:^|[\s#(])([245]\.\d{1,3}\.\d{1,3})(?=$|[\s)])/;

/** Codes of addresses that lead nowhere: bad ones, and mailboxes that were closed. */
const NO_SUCH_MAILBOX = /^5\.(?:1\.\d+|2\.1|0\.0)$/;

/** Whether a letter that was refused for good has no mailbox to go to: a server that gives no code says no more than that. */
export const isNoSuchMailbox = (code: string | undefined): boolean => code === undefined || NO_SUCH_MAILBOX.test(code);

/** The first status code of RFC 3463 in the words of a server. */
export const statusCodeIn = (words: string): string | undefined => ENHANCED.exec(words)?.[1];

/** Commands that speak of one letter alone: what is refused there says nothing of the next. */
const OF_ONE_LETTER = ['RCPT TO', 'DATA'];

/** The meaning of an attempt that failed; in French, and never in the server's own words, which may hold an address. */
export function answerOf(error: SmtpError): Exclude<MailAnswer, { kind: 'sent' }> {
  const status = typeof error.responseCode === 'number' ? error.responseCode : null;
  const command = typeof error.command === 'string' ? error.command : '';
  if (status === null || status === 421 || !OF_ONE_LETTER.includes(command))
    return { kind: 'away', status, fault: `le relais ne prend rien (${statusWords(error, status)})` };
  const said = statusWords(error, status);
  if (status < 500) return { kind: 'later', status, fault: `le relais demande d’attendre (${said})` };
  const enhanced = enhancedOf(error);
  const isGone = command === 'RCPT TO' && isNoSuchMailbox(enhanced);
  return isGone
    ? { kind: 'refused', status, fault: `l’adresse est refusée (${said})` }
    : { kind: 'later', status, fault: `le relais refuse la lettre (${said})` };
}

function statusWords(error: SmtpError, status: number | null): string {
  const numbers = [status, enhancedOf(error)].filter((one) => one !== null && one !== undefined).join(' ');
  return [FAULTS[String(error.code)] ?? '', numbers].filter((one) => one !== '').join(', ') || 'sans réponse';
}

const enhancedOf = ({ response }: SmtpError): string | undefined =>
  typeof response === 'string' ? statusCodeIn(response) : undefined;

const FAULTS: Readonly<Record<string, string>> = {
  EAUTH: 'nom ou mot de passe refusé',
  ECONNECTION: 'connexion coupée',
  EDNS: 'nom introuvable',
  ESOCKET: 'injoignable, ou certificat refusé',
  ETIMEDOUT: 'pas de réponse à temps',
  EABORT: 'pas de réponse à temps',
  ETLS: 'pas de TLS',
};
