import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import { CONTACT_WAYS } from '../calling/call.rules.ts';
import { sqlIn } from '../database/sql-in.ts';
import { HubError, invalidInput, readInput } from '../errors.ts';
import { readMailAddress } from '../mail/mail-address.rules.ts';
import { demandVersion } from '../office/lock.queries.ts';
import { accountOf } from '../office/unit-of-work.ts';
import { IS_FREE } from '../outgoing/lease.rules.ts';
import { optional, optionalId } from '../publications/content/content.ts';
import { plainLine } from '../publications/content/text/plain-text.ts';
import {
  CODE_MS,
  CODES_KEPT_MS,
  DISABLED_MS,
  HOUR_MS,
  isCode,
  MOST_CODES,
  MOST_CONTACT_POINTS,
  MOST_TRIES,
  POINT_WAYS,
  type PointWay,
  UNCONFIRMED_MS,
} from './contact.rules.ts';
import { ContactPoint, type ContactPointRow } from './contact-point.entity.ts';
import { type ContactWork, lockOwner, lockPoint } from './contact-work.ts';
import { readPhoneNumber } from './gateway/phone-number.rules.ts';
import { ContactMessage } from './messages/contact-message.entity.ts';

const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, as 22:00');
const quietHours = z
  .object({ from: timeOfDay, to: timeOfDay })
  .refine(({ from, to }) => from !== to, { path: ['to'], message: 'must be another time than `from`' });

const pointInput = z.object({
  id: optionalId,
  version: optional(z.int()),
  way: z.enum(CONTACT_WAYS).pipe(z.enum(POINT_WAYS, 'must be a way by which messages are sent: not DESK')),
  label: plainLine(50),
  address: z.string(),
  quietHours: optional(quietHours),
});

const SETTINGS: Readonly<Record<PointWay, string>> = {
  EMAIL: 'TOCSIN_SMTP_URL',
  SMS: 'TOCSIN_CALL_GATEWAY_URL',
  VOICE: 'TOCSIN_CALL_GATEWAY_URL',
};

/** The address as it is written to or called. INVALID_INPUT for anything that is not exactly one. */
function readAddress(way: PointWay, text: string): string {
  const address = way === 'EMAIL' ? readMailAddress(text) : readPhoneNumber(text);
  if (address !== undefined) return address;
  const message =
    way === 'EMAIL'
      ? 'must be one e-mail address, in ASCII before the @'
      : 'must be one telephone number, such as +33 6 12 34 56 78, and none of a service';
  throw invalidInput([{ path: 'input.address', message }]);
}

/**
 * Adds a contact point of the actor, or saves one anew. Where its address is new or was not confirmed yet, a code is sent there, and
 * nobody is rung there before that is given. CONFLICT where the actor has that address already, or saved the point elsewhere first;
 * WRONG_STAGE where no message leaves this hub by that way, or there are enough points; TOO_MANY_REQUESTS for a sixth code within an hour.
 */
export async function saveContactPoint(work: ContactWork, input: unknown): Promise<{ id: string }> {
  const { em, clock } = work;
  const actor = await lockOwner(work, 'saveContactPoint');
  const { id, version, way, label, quietHours: quiet, address: given } = readInput(pointInput, input, 'input');
  const address = readAddress(way, given);
  const hours = { quietFrom: quiet?.from ?? null, quietTo: quiet?.to ?? null };
  if ((id === null) !== (version === null))
    throw invalidInput([{ path: 'input.version', message: 'must be given where `id` is, and nowhere else' }]);
  if (!work.sendsBy.includes(way))
    throw new HubError('WRONG_STAGE', `no message leaves this hub by ${way}: its operator sets ${SETTINGS[way]} first`);
  const account = accountOf(work, actor);
  const all = await em.find(ContactPoint, { account });
  const isThere = (one: ContactPointRow) => one.way === way && one.address.toLowerCase() === address.toLowerCase();
  if (all.some((one) => isThere(one) && one.id !== id?.toLowerCase()))
    throw new HubError('CONFLICT', 'you have a contact point of that address already');
  if (id === null || version === null) {
    if (all.length >= MOST_CONTACT_POINTS)
      throw new HubError('WRONG_STAGE', `you have ${MOST_CONTACT_POINTS} contact points already: remove one first`);
    const made = {
      id: uuid(),
      version: 1,
      account,
      way,
      label,
      address,
      ...hours,
      createdAt: clock.now(),
      codeTries: 0,
    };
    const point = em.create(ContactPoint, made);
    await sendCode(work, point);
    return { id: point.id };
  }
  const point = await lockPoint(work, 'saveContactPoint', id);
  demandVersion(point, 'contact point', version);
  if (point.way !== way)
    throw invalidInput([{ path: 'input.way', message: `must stay ${point.way}: add another contact point instead` }]);
  const isMoved = point.address !== address;
  Object.assign(point, { label, address, ...hours, version: version + 1 });
  if (isMoved || !point.confirmedAt) await sendCode(work, point);
  else await em.flush();
  return { id: point.id };
}

/** Has a code sent to a contact point, which rings nobody until that is given. What was on its way to it is stopped. */
async function sendCode(work: ContactWork, point: ContactPointRow): Promise<void> {
  const { em, clock, afterCommit, wakeMessages } = work;
  const now = clock.now();
  const { account } = point;
  await demandCode(em, account.id, now);
  Object.assign(point, { confirmedAt: null, codeHash: null, codeExpiresAt: null, codeTries: 0 });
  await em.flush();
  await stopMessages(em, point.id);
  em.create(ContactMessage, {
    ...{ id: uuid(), purpose: 'CODE', point, account, way: point.way },
    ...{ createdAt: now, dueAt: now, expiresAt: new Date(now.getTime() + CODE_MS), outcome: 'WAITING', attempts: 0 },
  });
  await em.flush();
  afterCommit(wakeMessages);
}

/** Throws TOO_MANY_REQUESTS where an account has had its codes of this hour. */
async function demandCode(em: EntityManager, account: string, now: Date): Promise<void> {
  const [sent] = await sqlIn(em)<{ count: number; first: Date | string | null }>(
    `select count(*)::int as count, min(created_at) as first from contact_message
     where account_id = ? and created_at > ? and purpose = 'CODE'`,
    [account, new Date(now.getTime() - HOUR_MS).toISOString()],
  );
  if (!sent?.first || sent.count < MOST_CODES) return;
  const retryAfterSeconds = Math.ceil((new Date(sent.first).getTime() + HOUR_MS - now.getTime()) / 1000);
  throw new HubError('TOO_MANY_REQUESTS', `${MOST_CODES} codes were sent for you within an hour`, {
    retryAfterSeconds: Math.max(1, retryAfterSeconds),
  });
}

/** Messages to a contact point that wait are not sent. */
const stopMessages = (em: EntityManager, point: string): Promise<unknown> =>
  sqlIn(em)(`update contact_message set outcome = 'STOPPED' where point_id = ? and outcome = 'WAITING'`, [point]);

/** A code that somebody gives. */
export interface GivenCode {
  id: string;
  code: string;
}

/**
 * Confirms a contact point by the code that was sent there. INVALID_INPUT for another one, which `CodeTries` has counted before;
 * WRONG_STAGE once there is no code that could be given: it was, it is over, or too many others were tried.
 */
export async function confirmContactPoint(work: ContactWork, { id, code }: GivenCode): Promise<{ id: string }> {
  const point = await lockPoint(work, 'confirmContactPoint', id);
  const now = work.clock.now();
  if (point.confirmedAt) throw new HubError('WRONG_STAGE', 'this contact point is confirmed already');
  if (!point.codeHash || !point.codeExpiresAt || point.codeExpiresAt <= now || point.codeTries > MOST_TRIES)
    throw new HubError('WRONG_STAGE', 'no code is good for it any more: save the contact point again for a new one');
  if (!isCode(point.id, code, point.codeHash))
    throw invalidInput([{ path: 'code', message: 'must be the newest code that was sent to this contact point' }]);
  Object.assign(point, { confirmedAt: now, codeHash: null, codeExpiresAt: null, version: point.version + 1 });
  await work.em.flush();
  return { id: point.id };
}

/** Takes a contact point away, with its address. */
export async function removeContactPoint(
  work: ContactWork,
  { id, version }: { id: string; version: number },
): Promise<{ id: string }> {
  const point = await lockPoint(work, 'removeContactPoint', id);
  demandVersion(point, 'contact point', version);
  await stopMessages(work.em, point.id);
  await work.em.remove(point).flush();
  return { id: point.id };
}

/**
 * Gives up messages that have nothing to tell any more, deletes contact points that nobody confirmed within a week and those of accounts
 * that were disabled a month ago, and forgets codes of yesterday. Messages of calls go with their calls.
 */
export async function sweepContacts(em: EntityManager, now: Date): Promise<void> {
  const before = (ms: number) => new Date(now.getTime() - ms).toISOString();
  const sql = sqlIn(em);
  await sql(
    `update contact_message set outcome = 'FAILED', fault = coalesce(fault, 'trop tard')
     where outcome = 'WAITING' and expires_at <= ? and ${IS_FREE}`,
    [now.toISOString()],
  );
  await sql(`delete from contact_message where purpose = 'CODE' and created_at < ?`, [before(CODES_KEPT_MS)]);
  await sql(
    `delete from contact_point p where (p.confirmed_at is null and p.created_at < ? and not exists (
         select from contact_message m where m.point_id = p.id and m.purpose = 'CODE'))
       or p.account_id in (select id from account where disabled_at < ?)`,
    [before(UNCONFIRMED_MS), before(DISABLED_MS)],
  );
}
