import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { LRUCache } from 'lru-cache';

const HOUR_MS = 3600_000;
/** RFC 8292 allows 24 hours; a service whose clock is ahead takes this one too. */
const TOKEN_MS = 12 * HOUR_MS;
/** A token is made anew that long before it ends. */
const REST_MS = HOUR_MS;
/** Each reader of UnifiedPush may have a server of their own. */
const MOST_TOKENS = 2_000;

interface Token {
  text: string;
  until: number;
}

/** One key of the hub by which push services know it (VAPID, RFC 8292). */
export class SenderKey {
  /** The public key, as browsers take it (`applicationServerKey`). */
  readonly id: string;
  readonly #key: KeyObject;
  readonly #tokens = new LRUCache<string, Token>({ max: MOST_TOKENS });

  /** `pem`: a private key on P-256. */
  constructor(pem: string) {
    const key = createPrivateKey(pem);
    const { x = '', y = '' } = createPublicKey(key).export({ format: 'jwk' });
    const point = [Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
    this.id = Buffer.concat(point).toString('base64url');
    this.#key = key;
  }

  /** The `Authorization` for a push service: one token for each origin, signed anew every 11 hours. */
  authorization(origin: string, subject: string, now: number): string {
    const known = this.#tokens.get(origin);
    if (known && known.until - REST_MS > now) return known.text;
    const until = now + TOKEN_MS;
    const claims = { aud: origin, exp: Math.floor(until / 1000), sub: subject };
    const signed = `${part({ typ: 'JWT', alg: 'ES256' })}.${part(claims)}`;
    const signature = sign('sha256', Buffer.from(signed), { key: this.#key, dsaEncoding: 'ieee-p1363' });
    const text = `vapid t=${signed}.${signature.toString('base64url')}, k=${this.id}`;
    this.#tokens.set(origin, { text, until });
    return text;
  }

  /** Forgets the token of an origin that did not take it. */
  forget(origin: string): void {
    this.#tokens.delete(origin);
  }
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
