import {
  type CryptoKey,
  createLocalJWKSet,
  errors,
  type FlattenedJWSInput,
  type JSONWebKeySet,
  type JWSHeaderParameters,
} from 'jose';
import { z } from 'zod';

const discovery = z.object({ issuer: z.string(), jwks_uri: z.url() });
const keySet = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) });

const PATIENCE_MS = 5_000;
/** After this long a key that the issuer withdrew is no longer taken. */
const FRESH_MS = 10 * 60_000;
/** Tokens with keys that nobody knows, and an issuer that is away, make a hub ask no more often. */
const COOLDOWN_MS = 30_000;
const KEPT_MS = 72 * 3_600_000;

interface KeySet {
  find: ReturnType<typeof createLocalJWKSet>;
  at: number;
}

/**
 * The keys by which an issuer signs, as its discovery leads to them (OpenID Connect Discovery 1.0). They are asked for again
 * every ten minutes, and for a key that is not among them; while the issuer cannot be asked, the last ones hold for 72 hours.
 */
export class IssuerKeys {
  readonly #issuer: string;
  readonly #onError: (error: unknown) => void;
  #set: KeySet | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | undefined;

  constructor(issuer: string, onError: (error: unknown) => void) {
    this.#issuer = issuer;
    this.#onError = onError;
  }

  /** The key of a token; throws jose's JWKSNoMatchingKey for one that the issuer does not have, another error without keys. */
  readonly find = async (header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> => {
    const now = Date.now();
    const age = now - (this.#set?.at ?? Number.NEGATIVE_INFINITY);
    if (!this.#set || age > KEPT_MS) await this.#ask(now);
    else if (age > FRESH_MS) await this.#askAtTimes(now);
    try {
      return await this.#kept(now).find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !(await this.#askAtTimes(now))) throw error;
      return this.#kept(now).find(header, token);
    }
  };

  #kept(now: number): KeySet {
    if (!this.#set || now - this.#set.at > KEPT_MS) throw new Error(`${this.#issuer} gives no keys`);
    return this.#set;
  }

  /** Answers whether the issuer was asked. */
  async #askAtTimes(now: number): Promise<boolean> {
    if (!this.#asking && now - this.#askedAt < COOLDOWN_MS) return false;
    await this.#ask(now);
    return true;
  }

  #ask(now: number): Promise<void> {
    this.#asking ??= this.#fetch(now).finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #fetch(now: number): Promise<void> {
    this.#askedAt = now;
    try {
      const address = `${this.#issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
      const found = discovery.parse(await json(address));
      if (found.issuer !== this.#issuer) throw new Error(`${address} speaks for ${found.issuer}`);
      const keys = keySet.parse(await json(found.jwks_uri)) as JSONWebKeySet;
      this.#set = { find: createLocalJWKSet(keys), at: now };
    } catch (error) {
      this.#onError(error);
    }
  }
}

async function json(address: string): Promise<unknown> {
  const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!answer.ok) throw new Error(`${address} answers ${answer.status}`);
  return answer.json();
}
