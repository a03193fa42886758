import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Role } from '../actor.ts';
import { inDigits } from '../digits.rules.ts';
import { hashOfKey } from '../keys/api-key.rules.ts';

/** The issuer of accounts of sealed keys: no issuer of tokens has an address like this one. */
export const SEALED_ISSUER = 'sealed';

/**
 * Roles of the person who has opened a sealed key (I-28): the duty officer's, and those of an editor, without whom nothing is there
 * to be published while nobody can sign in.
 */
export const SEALED_ROLES = ['EDITOR', 'DUTY_OFFICER'] as const satisfies readonly Role[];

/** A session by a sealed key lasts a shift. */
export const SESSION_HOURS = 8;

const PREFIX = 'tocsin_sealed_';
/** Crockford's base 32: people read the key from paper, and type it. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const SECRET_LENGTH = 28;
const CHECKSUM_LENGTH = 7;
const GROUP = 5;
const SHAPE = new RegExp(`^[${DIGITS}]{${SECRET_LENGTH + CHECKSUM_LENGTH}}$`);

/** Makes a sealed key: 140 random bits and a checksum, in seven groups of five. */
export function newSealedKey(): { key: string; hash: string } {
  const bits = BigInt(`0x${randomBytes(18).toString('hex')}`) >> 4n;
  const secret = inDigits(bits, DIGITS, SECRET_LENGTH);
  const letters = secret + checksumOf(secret);
  const groups = letters.match(new RegExp(`.{${GROUP}}`, 'g')) ?? [];
  return { key: PREFIX + groups.join('-'), hash: hashOfLetters(letters) };
}

/** Whether a bearer token means to be a sealed key. */
export const isSealedKey = (token: string): boolean => token.toLowerCase().startsWith(PREFIX);

/** The hash by which a sealed key is known, however it was typed; undefined for one with a typing error. */
export function hashOfSealedKey(typed: string): string | undefined {
  const letters = typed
    .slice(PREFIX.length)
    .toUpperCase()
    .replaceAll('-', '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  const secret = letters.slice(0, SECRET_LENGTH);
  return SHAPE.test(letters) && letters === secret + checksumOf(secret) ? hashOfLetters(letters) : undefined;
}

const hashOfLetters = (letters: string): string => hashOfKey(PREFIX + letters);

const checksumOf = (secret: string): string => inDigits(BigInt(crc32(PREFIX + secret)), DIGITS, CHECKSUM_LENGTH);
