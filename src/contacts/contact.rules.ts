import { createHash, randomInt, timingSafeEqual } from 'node:crypto';

/** The ways by which a person may be rung besides the desk, at a contact point of that person. */
export const POINT_WAYS = ['EMAIL', 'SMS', 'VOICE'] as const;
export type PointWay = (typeof POINT_WAYS)[number];

/** A code that confirms a contact point, or a call. */
export const MESSAGE_PURPOSES = ['CODE', 'CALL'] as const;
export type MessagePurpose = (typeof MESSAGE_PURPOSES)[number];

/**
 * WAITING until it is ACCEPTED (the relay took it) or FAILED (refused, or too late). STOPPED: it was not to be sent any more,
 * because somebody answered the call, the call ended, or the contact point was removed.
 */
export const MESSAGE_OUTCOMES = ['WAITING', 'ACCEPTED', 'FAILED', 'STOPPED'] as const;

/** So many contact points of one account are more than anybody is woken by. */
export const MOST_CONTACT_POINTS = 5;
/** Codes that one account has sent within an hour: nobody floods a stranger's mailbox by the hub. */
export const MOST_CODES = 5;
/** How often somebody may try to give a code. */
export const MOST_TRIES = 5;

const MINUTE = 60_000;
export const HOUR_MS = 60 * MINUTE;
export const CODE_MS = 15 * MINUTE;
/** After that, a contact point that nobody has confirmed is deleted: it may be the address of a stranger. */
export const UNCONFIRMED_MS = 7 * 24 * HOUR_MS;
/** How long the contact points of a disabled account are kept, in case that was a mistake. */
export const DISABLED_MS = 30 * 24 * HOUR_MS;
/** How long codes that were sent are counted and then kept. */
export const CODES_KEPT_MS = 24 * HOUR_MS;

const DIGITS = 8;

/** A new code: digits, which can be read aloud and typed in on any telephone. */
export const newCode = (): string => String(randomInt(10 ** DIGITS)).padStart(DIGITS, '0');

/** A code as people read it. */
export const spacedCode = (code: string): string => `${code.slice(0, DIGITS / 2)} ${code.slice(DIGITS / 2)}`;

/** The hash by which a code of a contact point is kept. */
export const codeHash = (point: string, code: string): string =>
  createHash('sha256').update(`${point}:${code}`).digest('hex');

/** Whether somebody gave the code behind a hash; blanks between digits do not count. */
export function isCode(point: string, given: string, hash: string): boolean {
  const found = Buffer.from(codeHash(point, given.replace(/\s/g, '')), 'hex');
  const expected = Buffer.from(hash, 'hex');
  return found.length === expected.length && timingSafeEqual(found, expected);
}
