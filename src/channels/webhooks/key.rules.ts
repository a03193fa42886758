import { createHmac, createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { WebhookSignature } from './vocabulary.ts';

/** A key of Standard Webhooks 1.0, as it is kept. */
export interface SigningKey {
  signature: WebhookSignature;
  /** `whsec_` or `whsk_` and base64. */
  secret: string;
  /** `whpk_` and base64; null for HMAC, where both sides hold the secret. */
  publicKey: string | null;
}

const HMAC_BYTES = 32;
const bytesOf = (prefixed: string): Buffer => Buffer.from(prefixed.slice(prefixed.indexOf('_') + 1), 'base64');

/** A new random key. */
export function newKey(signature: WebhookSignature): SigningKey {
  if (signature === 'HMAC')
    return { signature, secret: `whsec_${randomBytes(HMAC_BYTES).toString('base64')}`, publicKey: null };
  const { d = '', x = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const base64 = (text: string) => Buffer.from(text, 'base64url').toString('base64');
  return { signature, secret: `whsk_${base64(d)}`, publicKey: `whpk_${base64(x)}` };
}

/** The key that the receiver verifies with: the secret itself for HMAC, the public key for Ed25519. */
export const verificationKey = ({ secret, publicKey }: SigningKey): string => publicKey ?? secret;

/** The headers that sign a message, at one time, by every key that holds, the newest first. */
export function signatureHeaders(
  keys: readonly SigningKey[],
  { id, at, body }: { id: string; at: Date; body: string },
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signed = Buffer.from(`${id}.${timestamp}.${body}`);
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': keys.map((key) => signatureOf(key, signed)).join(' '),
  };
}

function signatureOf({ signature, secret, publicKey }: SigningKey, signed: Buffer): string {
  if (signature === 'HMAC') return `v1,${createHmac('sha256', bytesOf(secret)).update(signed).digest('base64')}`;
  const [d, x] = [secret, publicKey ?? ''].map((key) => bytesOf(key).toString('base64url'));
  const key = createPrivateKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', d, x } });
  return `v1a,${sign(null, signed, key).toString('base64')}`;
}
