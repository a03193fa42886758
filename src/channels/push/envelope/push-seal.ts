import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { serviceOf } from '../services.rules.ts';
import type { ReaderKeys } from './encrypt.rules.ts';

/** Where a subscription is reached, and how messages to it are encrypted. */
export interface PushAddress extends ReaderKeys {
  endpoint: string;
}

const SEAL_BYTES = 32;
const [NONCE_BYTES, TAG_BYTES] = [12, 16];
const UNKNOWN_BYTES = 12;

/**
 * Seals the addresses of subscriptions, so that the database alone, and a backup of it, leads to nobody. All hubs have the same
 * secret, from which a key for each use is derived. An operator who changes it loses every subscription.
 */
export class PushSeal {
  readonly #sealing: KeyObject;
  readonly #digests: Buffer;
  readonly #codes: Buffer;
  readonly #services: Buffer;

  constructor(secret: Buffer) {
    const derive = (use: string) => Buffer.from(hkdfSync('sha256', secret, '', `tocsin push ${use}`, SEAL_BYTES));
    this.#sealing = createSecretKey(derive('seal'));
    this.#digests = derive('digest');
    this.#codes = derive('code');
    this.#services = derive('service');
  }

  /** By which an endpoint is found again. */
  digestOf(endpoint: string): string {
    return hash(this.#digests, endpoint).toString('base64url');
  }

  /** The first push brings it; an app that sends it back has read that push. */
  codeOf(id: string): string {
    return hash(this.#codes, id).subarray(0, 18).toString('base64url');
  }

  isCodeOf(id: string, code: string): boolean {
    const [right, given] = [Buffer.from(this.codeOf(id)), Buffer.from(code)];
    return right.length === given.length && timingSafeEqual(right, given);
  }

  /**
   * The name of the service of an endpoint: one that is no public service may be of one person alone, and gets a name that
   * says nothing.
   */
  serviceOf(endpoint: string): string {
    const { host } = new URL(endpoint);
    return serviceOf(host) ?? `~${hash(this.#services, host).subarray(0, UNKNOWN_BYTES).toString('base64url')}`;
  }

  seal(id: string, { endpoint, p256dh, auth }: PushAddress): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#sealing, nonce).setAAD(Buffer.from(id));
    const parts = [cipher.update(p256dh), cipher.update(auth), cipher.update(endpoint, 'utf8'), cipher.final()];
    return Buffer.concat([nonce, ...parts, cipher.getAuthTag()]).toString('base64');
  }

  /** Throws where another secret sealed it, or for another subscription. */
  open(id: string, sealed: string): PushAddress {
    const bytes = Buffer.from(sealed, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', this.#sealing, bytes.subarray(0, NONCE_BYTES));
    decipher.setAAD(Buffer.from(id)).setAuthTag(bytes.subarray(-TAG_BYTES));
    const open = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    return { p256dh: open.subarray(0, 65), auth: open.subarray(65, 81), endpoint: open.subarray(81).toString() };
  }
}

const hash = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
