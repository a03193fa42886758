import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import { demand } from '../access/permissions.rules.ts';
import { sqlIn } from '../database/sql-in.ts';
import { HubError, readInput } from '../errors.ts';
import { readMailAddress } from '../mail/mail-address.rules.ts';
import { optional } from '../publications/content/content.ts';
import { plainLine } from '../publications/content/text/plain-text.ts';
import { Mailbox } from './institution.entity.ts';
import { type InstitutionWork, lockInstitution, lockMailbox, newMailboxKey } from './institution-work.ts';
import { LetterRecord } from './letters/letter.entity.ts';

const DAY_MS = 24 * 3600_000;
/** A house has so many mailboxes that matter at night; each gets every letter. */
const MOST_MAILBOXES = 20;
/** The log of letters, by which the next ones of a publication find their thread. */
const LETTERS_MS = 90 * DAY_MS;
/** In this time the desk may still ask why somebody left. */
const LEFT_MS = 30 * DAY_MS;
/** After that nobody clicks on an invitation any more. */
const INVITATION_MS = 7 * DAY_MS;

const mailboxInput = z.object({
  address: z.string().transform((text, context) => {
    const address = readMailAddress(text);
    if (address !== undefined) return address;
    context.addIssue({
      code: 'custom',
      message: 'must be one e-mail address, such as mairie@ville.example, in ASCII before the @',
    });
    return z.NEVER;
  }),
  label: plainLine(100),
  personal: optional(z.boolean()).transform((is) => is ?? false),
});

/**
 * Invites a mailbox of an institution: it gets one letter, and nothing else before its holder confirms it. CONFLICT where the address is
 * there already; WRONG_STAGE where no letters leave this hub, or the institution has enough mailboxes.
 */
export async function inviteMailbox(
  work: InstitutionWork,
  { institution: of, ...given }: { institution: string; address: string; label: string; personal?: boolean | null },
): Promise<{ id: string }> {
  const { em, clock, afterCommit, wakeLetters } = work;
  demand(work.actor, 'inviteMailbox');
  if (!work.sendsLetters)
    throw new HubError('WRONG_STAGE', 'no letter leaves this hub: its operator sets TOCSIN_SMTP_URL first');
  const read = readInput(mailboxInput, given);
  const institution = await lockInstitution(work, of);
  const there = await em.find(Mailbox, { institution, state: { $ne: 'LEFT' } });
  if (there.some(({ address }) => address?.toLowerCase() === read.address.toLowerCase()))
    throw new HubError('CONFLICT', 'this institution has a mailbox of that address: remove it first');
  if (there.length >= MOST_MAILBOXES)
    throw new HubError('WRONG_STAGE', `an institution has at most ${MOST_MAILBOXES} mailboxes: remove one first`);
  const now = clock.now();
  const mailbox = em.create(Mailbox, {
    id: uuid(),
    institution,
    ...read,
    state: 'INVITED',
    key: newMailboxKey(),
    invitedAt: now,
  });
  em.create(LetterRecord, {
    ...{ id: uuid(), mailbox, purpose: 'INVITATION', state: 'WAITING', attempts: 0 },
    ...{ createdAt: now, dueAt: now, expiresAt: new Date(now.getTime() + INVITATION_MS) },
  });
  await em.flush();
  afterCommit(wakeLetters);
  return { id: mailbox.id };
}

/** Has a mailbox written to without a click of its holder, by an agreement that is named. */
export async function mandateMailbox(
  work: InstitutionWork,
  { id, agreement }: { id: string; agreement: string },
): Promise<{ id: string }> {
  const mailbox = await lockMailbox(work, 'mandateMailbox', id);
  if (mailbox.state === 'LEFT') throw new HubError('WRONG_STAGE', 'this mailbox was left: invite it anew');
  const read = readInput(z.object({ agreement: plainLine(500) }), { agreement });
  Object.assign(mailbox, { ...read, state: 'MANDATED', confirmedAt: mailbox.confirmedAt ?? work.clock.now() });
  await work.em.flush();
  return { id: mailbox.id };
}

/** Takes a mailbox away, and erases its address. Letters that wait are not sent. */
export async function removeMailbox(work: InstitutionWork, id: string): Promise<{ id: string }> {
  const mailbox = await lockMailbox(work, 'removeMailbox', id);
  await leave(work, mailbox.id, true);
  return { id: mailbox.id };
}

/** Confirms a mailbox, as its holder asked by the link of the invitation. One that is not INVITED stays as it is. */
export async function confirmMailbox({ em, clock }: InstitutionWork, id: string): Promise<void> {
  await sqlIn(em)(`update mailbox set state = 'CONFIRMED', confirmed_at = ? where id = ? and state = 'INVITED'`, [
    clock.now().toISOString(),
    id,
  ]);
}

/** Takes a mailbox off the list, as its holder asked by the link of a letter. Once more changes nothing. */
export const leaveMailbox = (work: InstitutionWork, id: string): Promise<void> => leave(work, id, false);

async function leave({ em, clock }: InstitutionWork, mailbox: string, erases: boolean): Promise<void> {
  const at = clock.now().toISOString();
  await sqlIn(em)(
    `update mailbox set state = 'LEFT', left_at = coalesce(left_at, ?), address = case when ? then null else address end
     where id = ?`,
    [at, erases, mailbox],
  );
  await sqlIn(em)(`update letter set state = 'GIVEN_UP', ended_at = ? where mailbox_id = ? and state = 'WAITING'`, [
    at,
    mailbox,
  ]);
}

/**
 * Erases the addresses of mailboxes that were left 30 days ago, gives up letters that have nothing to tell any more, and forgets those of
 * three months ago.
 */
export async function sweepMailboxes(em: EntityManager, now: Date): Promise<void> {
  const at = now.toISOString();
  const [left, sent] = [LEFT_MS, LETTERS_MS].map((ms) => new Date(now.getTime() - ms).toISOString());
  await sqlIn(em)(
    `with erased as (update mailbox set address = null where state = 'LEFT' and address is not null and left_at < ?),
     forgotten as (delete from letter where state <> 'WAITING' and due_at < ? and purpose = 'NEWS')
     update letter set state = 'GIVEN_UP', ended_at = ? where state = 'WAITING' and expires_at < ?`,
    [left, sent, at, at],
  );
}
