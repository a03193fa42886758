import { createPrivateKey } from 'node:crypto';
import { accessSync, constants, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { ROLES, type Role } from '../access/actor.ts';
import { isProxyRange } from '../allowance/client-address.ts';
import { readMailSender } from '../mail/mail-address.rules.ts';
import { readMailRelay } from '../mail/mail-relay.rules.ts';

/** Kinds of values that a setting may have. Each refuses with what was expected, and never repeats a value that may be secret. */

/** Signatures with two keys: a key that checks them cannot make them. */
export const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

export function wholeNumber(least: number, most: number) {
  const message = `expected a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, { message, abort: true })
    .transform(Number)
    .refine((value) => value >= least && value <= most, message);
}

/** A part of a whole. */
export function part() {
  const message = 'expected a number from 0 to 1';
  return z
    .string()
    .regex(/^(?:0|1|[01]?\.\d{1,9})$/, { message, abort: true })
    .transform(Number)
    .refine((value) => value <= 1, message);
}

export function choice<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, `expected ${values.join(', ')}`);
}

/** A URL of one of these protocols. Its value is never repeated in a fault: it may hold a password. */
export function address(...protocols: string[]) {
  const fits = (value: string) => protocols.includes(URL.parse(value)?.protocol ?? '');
  return z.string().refine(fits, `expected an address that begins with ${protocols.map((p) => `${p}//`).join(' or ')}`);
}

/** Addresses and ranges with commas between them; a range that holds every address would let each client name its own. */
export function proxies() {
  return wordList(isProxyRange, 'expected addresses or ranges such as 10.0.0.7, 10.1.0.0/16, fd00::/8');
}

/** Words with commas between them, each of a kind. */
export function wordList<W extends string>(fits: (word: string) => word is W, expected: string): z.ZodType<W[]>;
export function wordList(fits: (word: string) => boolean, expected: string): z.ZodType<string[]>;
export function wordList(fits: (word: string) => boolean, expected: string) {
  return z
    .string()
    .transform((value) => value.split(',').map((part) => part.trim()))
    .refine((parts) => parts.every(fits), expected);
}

/** A word of RFC 6749's scopes, and of OpenID Connect's values of acr. */
export function isScope(word: string): boolean {
  return /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(word);
}

/** A secret that nobody can guess. Its value is never repeated in a fault. */
export function secret() {
  return z.string().regex(/^[\x21-\x7e]{16,}$/, 'expected 16 characters or more, without space');
}

export function isRole(word: string): word is Role {
  return ROLES.some((role) => role === word);
}

export function isAlgorithm(word: string): boolean {
  return ALGORITHMS.includes(word);
}

/** A secret of Standard Webhooks. */
export function isSigningSecret(word: string): boolean {
  return /^whsec_(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/.test(word) && word.length >= 6 + 32;
}

/** Addresses of people with commas between them, as RFC 9116 has them. */
export function contacts() {
  const fits = (part: string) => /^(?:mailto:[^\s@]+@[^\s@]+|https:\/\/\S+|tel:\+?[\d-]+)$/.test(part);
  return wordList(fits, 'expected mailto:…, https://… or tel:…, with commas between them');
}

export function file() {
  const readable = (value: string) => {
    try {
      accessSync(value, constants.R_OK);
      return true;
    } catch {
      return false;
    }
  };
  return z
    .string()
    .transform((value) => path.resolve(value))
    .refine(readable, 'expected a file that can be read');
}

/** The operator's mail server. Its value is never repeated in a fault: it may hold a password. */
export function mailRelay() {
  const expected =
    'expected smtp://user:password@host:587, or smtps:// for TLS from the first byte, and nothing behind it';
  return readBy(readMailRelay, expected);
}

/** The sender of letters. */
export function mailSender() {
  return readBy(readMailSender, 'expected one address, as alerte@example.fr, or Nom <alerte@example.fr>');
}

const readBy = <T>(read: (text: string) => T | undefined, message: string) =>
  z.string().transform((text, context) => {
    const found = read(text);
    if (found !== undefined) return found;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

const PEM = /-----BEGIN ([A-Z ]+)-----[\s\S]+?-----END \1-----/g;

/**
 * A file with private keys on P-256, as PEM, one behind the other: what Web Push signs with. openssl writes parameters before
 * a key.
 */
export function pushKeysFile() {
  const keysIn = (text: string) =>
    [...text.matchAll(PEM)].filter(([, name]) => name !== 'EC PARAMETERS').map(([pem]) => pem);
  const isFit = (pem: string) => {
    try {
      return createPrivateKey(pem).asymmetricKeyDetails?.namedCurve === 'prime256v1';
    } catch {
      return false;
    }
  };
  return file()
    .transform((path) => keysIn(readFileSync(path, 'utf8')))
    .refine(
      (keys) => keys.length > 0 && keys.every(isFit),
      'expected a file with private keys on P-256 (prime256v1), as PEM, without a password',
    );
}

/** A file with 32 random bytes as base64. Its content is never repeated in a fault. */
export function sealFile() {
  return file()
    .transform((path) => readFileSync(path, 'utf8').trim())
    .refine((text) => /^[A-Za-z\d+/]{43}=$/.test(text), 'expected a file with 32 random bytes, as base64')
    .transform((text) => Buffer.from(text, 'base64'));
}

/** Whom push services write to. Apple refuses every push of a sender that nobody can reach. */
export function pushSubject() {
  const fits = (text: string) =>
    /^(?:mailto:[^\s@]+@[^\s@]+\.[^\s@]+|https:\/\/[^\s/]+\.\S+)$/.test(text) &&
    !/\.(?:invalid|local|test)(?![^/:?#])/.test(text);
  return z.string().refine(fits, 'expected mailto:alerte@example.fr or https://example.fr, which somebody reads');
}

/** A file with an RSA private key, as PEM: what DKIM signs with everywhere. */
export function rsaKeyFile() {
  const isLongRsa = (pem: string) => {
    try {
      const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(pem);
      return asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= 1024;
    } catch {
      return false;
    }
  };
  return file()
    .transform((path) => readFileSync(path, 'utf8'))
    .refine(isLongRsa, 'expected a file with an RSA private key of 1024 bits or more, as PEM, without a password');
}
