import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import { Account } from '../access/account.entity.ts';
import type { Actor } from '../access/actor.ts';
import { OWN_ISSUERS } from '../access/own-issuers.rules.ts';
import { demand } from '../access/permissions.rules.ts';
import { parisTime } from '../clock.ts';
import { sqlIn } from '../database/sql-in.ts';
import { HubError, invalidInput, readInput } from '../errors.ts';
import { lockRow, notFound } from '../office/lock.queries.ts';
import { accountOf, type UnitOfWork } from '../office/unit-of-work.ts';
import { optional } from '../publications/content/content.ts';
import { plainText } from '../publications/content/text/plain-text.ts';
import { isUuid } from '../uuid.ts';
import { Call, type CallRow } from './call.entity.ts';
import { knownTo } from './call.queries.ts';
import { type ContactWay, TAKEN_MS } from './call.rules.ts';
import { writeAnswer } from './ring.commands.ts';

export interface OneCall {
  id: string;
}

/**
 * Takes a call: nobody is rung for 15 minutes, by whichever hub. It is done by the deed that it waits for; without that deed the
 * next people are rung. A test call is done at once. WRONG_STAGE of a flash, which rings until its answer.
 */
export async function takeCall(work: UnitOfWork, { id }: OneCall): Promise<OneCall> {
  const { em, actor, clock } = work;
  demand(actor, 'takeCall');
  const now = clock.now();
  const call = await callInHand(work, { id, actor, deed: 'takeCall' });
  if (call.reason === 'FLASH')
    throw new HubError('WRONG_STAGE', 'a flash rings until it is answered: note the answer by answerFlash');
  await markTaken(em, call, accountOf(work, actor), now);
  return { id: call.id };
}

/** Marks a locked call as taken by somebody, from now on. */
export async function markTaken(
  em: EntityManager,
  call: CallRow,
  account: ReturnType<typeof accountOf>,
  now: Date,
): Promise<void> {
  if (call.reason === 'TEST') Object.assign(call, { state: 'DONE', dueAt: null, endedAt: now });
  else {
    const takenUntil = new Date(now.getTime() + TAKEN_MS);
    Object.assign(call, { state: 'TAKEN', takenUntil, dueAt: takenUntil });
  }
  await writeAnswer(em, { call: call.id, account: account.id, now });
  call.takenBy = account;
  await em.flush();
}

const noteGiven = z.object({ note: optional(plainText(1000)) });

/** Passes a call on, with a note for the next people, who are rung at once. The actor is not rung for it again. */
export async function passCall(work: UnitOfWork, { id, note }: OneCall & { note: string | null }): Promise<OneCall> {
  const { em, actor, clock } = work;
  demand(actor, 'passCall');
  const now = clock.now();
  const call = await callInHand(work, { id, actor, deed: 'passCall' });
  if (call.reason === 'TEST') throw new HubError('WRONG_STAGE', 'a test call is for one person: nobody is next');
  const read = readInput(noteGiven, { note });
  await writeAnswer(em, { call: call.id, account: actor.id, now });
  const state = call.state === 'TAKEN' ? 'RINGING' : call.state;
  // A note from somebody before stays where there is no newer one.
  Object.assign(call, { note: read.note ?? call.note, state, takenBy: null, takenUntil: null, dueAt: now });
  await em.flush();
  return { id: call.id };
}

/**
 * Locks a call that somebody is about to answer. NOT_FOUND, also for a SIGNATORY or an ADMIN whom it does not ask; WRONG_STAGE
 * once it has ended; FORBIDDEN for the person who caused it, and for everybody but the person of a test; CONFLICT while somebody
 * else has taken it.
 */
async function callInHand(
  { em, clock }: UnitOfWork,
  { id, actor, deed }: { id: string; actor: Actor; deed: 'takeCall' | 'passCall' },
): Promise<CallRow> {
  const call: CallRow = await lockRow(em, { entity: Call, name: 'call' }, id);
  const by = actor.id;
  for (const { sql, values } of knownTo(actor)) {
    const known = await sqlIn(em)(`select 1 from call where id = ?::uuid and ${sql}`, [id, ...values]);
    if (known.length === 0) throw notFound('call', id);
  }
  if (call.endedAt) throw new HubError('WRONG_STAGE', `${deed} is not possible: the call is ${call.state}`);
  if (call.causedBy?.id === by) throw new HubError('FORBIDDEN', 'nobody answers a call that they caused');
  if (call.target && call.target.id !== by)
    throw new HubError('FORBIDDEN', 'a test call is answered by the person for whom it is');
  const until = call.state === 'TAKEN' ? call.takenUntil : null;
  if (until && until > clock.now() && call.takenBy?.id !== by)
    throw new HubError('CONFLICT', `somebody else has taken this call until ${parisTime(until)}`);
  return call;
}

/** Rings one person, to see whether that works. INVALID_INPUT for nobody who could be rung, CONFLICT while such a call is open. */
export async function testCall(
  { em, actor, clock }: UnitOfWork,
  { account, ways }: { account: string; ways: readonly ContactWay[] | null },
): Promise<OneCall> {
  demand(actor, 'testCall');
  const target = await callableAccount(em, account);
  if (!target)
    throw invalidInput([
      { path: 'account', message: 'must be the id of an account of a person, which is not disabled' },
    ]);
  const open = await em.findOne(Call, { target, reason: 'TEST', endedAt: null });
  if (open) throw new HubError('CONFLICT', 'this person is being called for a test already');
  const now = clock.now();
  const id = uuid();
  const subject = { target, mode: 'ACTUAL', reason: 'TEST' } as const;
  em.create(Call, {
    id,
    ...subject,
    ways: ways && [...new Set(ways)],
    state: 'RINGING',
    startedAt: now,
    rung: 0,
    dueAt: now,
  });
  await em.flush();
  return { id };
}

/** Locked, so that of two tests at once the second one finds the first. */
async function callableAccount(em: EntityManager, id: string) {
  if (!isUuid(id)) return null;
  const account = await lockRow(em, { entity: Account, name: 'account' }, id).catch((error: unknown) => {
    if (error instanceof HubError) return null;
    throw error;
  });
  return account && !account.disabledAt && !OWN_ISSUERS.includes(account.issuer) ? account : null;
}
