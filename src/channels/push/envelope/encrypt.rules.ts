import { createCipheriv, createECDH, randomBytes } from 'node:crypto';
import { hmac } from './hmac.rules.ts';

/** A subscription's own keys (RFC 8291): a public one, 65 bytes on P-256, and its secret of 16 bytes. */
export interface ReaderKeys {
  p256dh: Buffer;
  auth: Buffer;
}

/** These are fresh for each message; tests alone give them. */
export interface FreshParts {
  privateKey?: Buffer;
  salt?: Buffer;
  /** Of what is encrypted: the words, one byte that ends them, and zeros. */
  length?: number;
}

const PUBLIC_KEY_BYTES = 65;
export const AUTH_BYTES = 16;

const CURVE = 'prime256v1';
const [SALT_BYTES, KEY_BYTES, NONCE_BYTES] = [16, 16, 12];
/** One record holds a whole message: push services take no more (RFC 8030, 7.2). */
const RECORD_SIZE = 4096;
/** Ends the words of the last record (RFC 8188, 2). */
const END = Buffer.of(2);
const ONE = Buffer.of(1);
/** Push services see the size of a message: those of most publications have the same. */
const STEP = 512;
/** The longest words: 4,096 bytes of record and header, less header, tag and end, in whole steps. */
export const MOST_WORDS_BYTES = 3_583;

const label = (text: string): Buffer => Buffer.from(`${text}\0`, 'latin1');
const [KEY_INFO, CONTENT_KEY, CONTENT_NONCE] = [
  label('WebPush: info'),
  label('Content-Encoding: aes128gcm'),
  label('Content-Encoding: nonce'),
];

/**
 * Encrypts a message for one reader, as RFC 8291 has it: a fresh key pair and salt, one record of RFC 8188, padded so that its
 * size tells little. Throws a RangeError for words that are too long, and for a key that is no point of the curve.
 */
export function encryptFor({ p256dh, auth }: ReaderKeys, words: Buffer, fresh: FreshParts = {}): Buffer {
  const { salt = randomBytes(SALT_BYTES), length = paddedLength(words.length) } = fresh;
  if (length <= words.length || words.length > MOST_WORDS_BYTES) throw new RangeError('the words are too long to push');
  const pair = createECDH(CURVE);
  if (fresh.privateKey) pair.setPrivateKey(fresh.privateKey);
  else pair.generateKeys();
  const own = pair.getPublicKey();
  const shared = pair.computeSecret(p256dh);
  const material = hmac(hmac(auth, shared), KEY_INFO, p256dh, own, ONE);
  const pseudorandom = hmac(salt, material);
  const key = hmac(pseudorandom, CONTENT_KEY, ONE).subarray(0, KEY_BYTES);
  const nonce = hmac(pseudorandom, CONTENT_NONCE, ONE).subarray(0, NONCE_BYTES);
  const cipher = createCipheriv('aes-128-gcm', key, nonce);
  const padding = Buffer.alloc(length - words.length - 1);
  const record = [
    cipher.update(words),
    cipher.update(END),
    cipher.update(padding),
    cipher.final(),
    cipher.getAuthTag(),
  ];
  return Buffer.concat([salt, headerRest(own), ...record]);
}

const paddedLength = (words: number): number => Math.ceil((words + 1) / STEP) * STEP;

/** The header of RFC 8188 behind the salt: the size of a record, and the sender's public key as the id of the key. */
function headerRest(own: Buffer): Buffer {
  const rest = Buffer.alloc(5 + PUBLIC_KEY_BYTES);
  rest.writeUInt32BE(RECORD_SIZE, 0);
  rest.writeUInt8(PUBLIC_KEY_BYTES, 4);
  own.copy(rest, 5);
  return rest;
}

/** Whether bytes are a point of the curve, uncompressed. */
export function isPublicKey(bytes: Buffer): boolean {
  if (bytes.length !== PUBLIC_KEY_BYTES || bytes[0] !== 4) return false;
  const pair = createECDH(CURVE);
  pair.generateKeys();
  try {
    pair.computeSecret(bytes);
    return true;
  } catch {
    return false;
  }
}
