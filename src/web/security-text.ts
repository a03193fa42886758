import type { FastifyInstance } from 'fastify';
import type { Clock } from '../clock.ts';
import { type Represented, strongTag } from '../http/conditional.ts';

/** Where those who found a hole look for somebody to tell (RFC 9116). */
const PATH = '/.well-known/security.txt';
const DAY_MS = 86_400_000;
/** Who reads it later asks anew: the RFC wants less than a year. */
const GOOD_FOR_DAYS = 180;

export interface SecurityTextOptions {
  /** Addresses as `mailto:`, `https:` or `tel:`, the one to try first before the others. */
  contacts: readonly string[];
  /** Base of the hub's addresses. */
  publicUrl: string;
  clock: Clock;
}

/** Serves whom to tell of a hole, for those who look for one. */
export function mountSecurityText(
  server: FastifyInstance,
  { contacts, publicUrl, clock }: SecurityTextOptions,
  represented: Represented,
): void {
  server.get(
    PATH,
    represented(() => {
      const today = Math.floor(clock.now().getTime() / DAY_MS) * DAY_MS;
      const body = Buffer.from(securityText(contacts, publicUrl, new Date(today + GOOD_FOR_DAYS * DAY_MS)));
      return {
        body,
        etag: strongTag(body),
        mediaType: 'text/plain; charset=utf-8',
        cacheControl: 'public, max-age=3600',
        until: today + DAY_MS,
      };
    }),
  );
}

function securityText(contacts: readonly string[], publicUrl: string, expires: Date): string {
  // The RFC wants https here, which a hub in development does not have.
  const canonical = publicUrl.startsWith('https:') ? [`Canonical: ${publicUrl}${PATH}`] : [];
  const lines = [
    ...contacts.map((address) => `Contact: ${address}`),
    `Expires: ${expires.toISOString()}`,
    'Preferred-Languages: fr, en',
    ...canonical,
  ];
  return `${lines.join('\n')}\n`;
}
