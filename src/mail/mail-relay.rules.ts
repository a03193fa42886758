import { isIP } from 'node:net';

/** The mail server of the operator, which takes every letter and brings it on. */
export interface MailRelay {
  host: string;
  port: number;
  /** TLS from the first byte (`smtps:`); else by STARTTLS. */
  isSecure: boolean;
  /** Whether it is on this machine, where a relay without TLS will do as long as no password goes there. */
  isHere: boolean;
  login: Readonly<{ user: string; password: string }> | undefined;
}

const PORTS: Readonly<Record<string, number>> = { 'smtp:': 587, 'smtps:': 465 };

/** Reads `smtp://user:password@host:587`; undefined for an address that says more, or something else. */
export function readMailRelay(text: string): MailRelay | undefined {
  const url = URL.parse(text);
  const standard = url ? PORTS[url.protocol] : undefined;
  if (!url || standard === undefined || url.hostname === '') return undefined;
  if (!['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '') return undefined;
  const [user, password] = [decoded(url.username), decoded(url.password)];
  if (user === undefined || password === undefined || (user === '') !== (password === '')) return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return {
    host,
    port: url.port === '' ? standard : Number(url.port),
    isSecure: url.protocol === 'smtps:',
    isHere: host === 'localhost' || (isIP(host) === 4 && host.startsWith('127.')) || host === '::1',
    login: user === '' ? undefined : { user, password },
  };
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
