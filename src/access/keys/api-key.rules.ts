import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Role } from '../actor.ts';
import { inDigits } from '../digits.rules.ts';

/** Roles that a machine may have (I-26): it neither approves nor publishes nor manages, nor reads what identifies people. */
export const MACHINE_ROLES = ['VOLUNTEER', 'MARSHAL', 'EDITOR', 'SCHEDULER'] as const satisfies readonly Role[];
export type MachineRole = (typeof MACHINE_ROLES)[number];

/** The issuer of accounts of machines: no issuer of tokens has an address like this one. */
export const KEY_ISSUER = 'key';

const PREFIX = 'tocsin_';
const SECRET_BYTES = 32;
/** So many letters and digits hold 256 bits. */
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const SHAPE = new RegExp(`^${PREFIX}[0-9A-Za-z]{${SECRET_LENGTH + CHECKSUM_LENGTH}}$`);
/** So much of a key is shown ever after, for people to tell it from others: 238 bits stay secret. */
const SHOWN = PREFIX.length + 3;
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A key as it is kept: nobody can make the key of it. */
export interface KeptKey {
  prefix: string;
  /** SHA-256 in hexadecimal digits. 256 random bits need no slow hash: nobody guesses them. */
  hash: string;
}

/** Makes a key: 256 random bits and their checksum, in letters and digits alone, so that a double click selects all of it. */
export function newApiKey(): KeptKey & { key: string } {
  const secret = `${PREFIX}${inDigits(BigInt(`0x${randomBytes(SECRET_BYTES).toString('hex')}`), DIGITS, SECRET_LENGTH)}`;
  const key = secret + checksumOf(secret);
  return { key, prefix: key.slice(0, SHOWN), hash: hashOfKey(key) };
}

/** Whether a bearer token means to be a key of a machine. */
export const isApiKey = (token: string): boolean => token.startsWith(PREFIX);

/** Whether a key can be one at all: of a typing error, or of a part, its checksum tells without PostgreSQL. */
export function isWhole(key: string): boolean {
  const secret = key.slice(0, -CHECKSUM_LENGTH);
  return SHAPE.test(key) && key === secret + checksumOf(secret);
}

export const hashOfKey = (key: string): string => createHash('sha256').update(key).digest('hex');

/** CRC32, as GitHub's tokens have it: it finds typing errors, and scanners of source code tell by it what is a key. */
const checksumOf = (secret: string): string => inDigits(BigInt(crc32(secret)), DIGITS, CHECKSUM_LENGTH);
