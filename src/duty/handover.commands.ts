import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import { Account } from '../access/account.entity.ts';
import type { Actor } from '../access/actor.ts';
import { demand } from '../access/permissions.rules.ts';
import { HubError, invalidInput, readInput } from '../errors.ts';
import { accountOf, type UnitOfWork } from '../office/unit-of-work.ts';
import { plainText } from '../publications/content/text/plain-text.ts';
import { isUuid } from '../uuid.ts';
import { endOfRelief } from './duty.rules.ts';
import { DutyShift, type DutyShiftRow } from './duty-shift.entity.ts';
import { type OneShift, oneByOne, plansRoster, shiftInHand } from './shift-work.ts';

const noteGiven = z.object({ note: plainText(5000) });

/**
 * Hands a shift over to another person, with a note; its own person stays on until that one takes over (I-39), and may hand it
 * to yet another one until then. By the person on duty, or by those who plan the roster.
 */
export async function handOver(
  work: UnitOfWork,
  { to, note, ...which }: OneShift & { to: string; note: string },
): Promise<{ id: string }> {
  const { em, actor } = work;
  demand(actor, 'handOver');
  const { shift, state } = await shiftInHand(work, which);
  if (state !== 'ON_DUTY' && state !== 'HANDING_OVER')
    throw new HubError('WRONG_STAGE', `handOver is not possible while the shift is ${state}`);
  if (shift.account.id !== actor.id && !plansRoster(work))
    throw new HubError('FORBIDDEN', 'a shift is handed over by the person who is on, or by those who plan the roster');
  const read = readInput(noteGiven, { note }).note;
  const other = isUuid(to) ? await em.findOne(Account, { id: to.toLowerCase(), disabledAt: null }) : null;
  if (!other || other.id === shift.account.id)
    throw invalidInput([{ path: 'to', message: 'must be the id of another account, which is not disabled' }]);
  Object.assign(shift, { handedTo: other, note: read, version: shift.version + 1 });
  await em.flush();
  return { id: shift.id };
}

/**
 * Takes over a shift that was handed to the actor: the other person is off from this moment on. A shift that the actor has
 * planned for the same begins, or a new one does. Answers that shift.
 */
export async function takeOver(work: UnitOfWork, which: OneShift): Promise<{ id: string }> {
  const { em, actor, clock } = work;
  demand(actor, 'takeOver');
  await oneByOne(work);
  const { shift, state } = await shiftInHand(work, which);
  if (state !== 'HANDING_OVER')
    throw new HubError('WRONG_STAGE', `takeOver is not possible while the shift is ${state}`);
  if (shift.handedTo?.id !== actor.id)
    throw new HubError('FORBIDDEN', 'a shift is taken over by the person to whom it was handed');
  const now = clock.now();
  const own = await ownShift(work, actor.id, shift);
  const relief = own ?? newShift(work, actor, shift);
  if (own) Object.assign(own, { startsAt: own.startsAt < now ? own.startsAt : now, version: own.version + 1 });
  relief.relieves = shift.id;
  // PostgreSQL ends a shift only where another one has taken it over.
  await em.flush();
  Object.assign(shift, { endedAt: now, version: shift.version + 1 });
  await em.flush();
  return { id: relief.id };
}

/** The next shift that a person has for the same, and that goes on beyond this moment. */
const ownShift = ({ em, clock }: UnitOfWork, account: string, shift: DutyShiftRow): Promise<DutyShiftRow | null> =>
  em.findOne(
    DutyShift,
    {
      account,
      dutyFunction: shift.dutyFunction,
      incident: shift.incident?.id ?? null,
      endsAt: { $gt: clock.now() },
      endedAt: null,
      handedTo: null,
      relieves: null,
    },
    { orderBy: { startsAt: 'asc' }, refresh: true },
  );

function newShift(
  work: UnitOfWork,
  actor: Actor,
  { incident, dutyFunction: of, rank, ...times }: DutyShiftRow,
): DutyShiftRow {
  const { em, clock } = work;
  const now = clock.now();
  return em.create(DutyShift, {
    id: uuid(),
    version: 1,
    incident: incident ?? null,
    dutyFunction: of,
    account: accountOf(work, actor),
    rank,
    startsAt: now,
    endsAt: endOfRelief(times, now),
  });
}
