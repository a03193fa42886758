import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import { Account } from '../access/account.entity.ts';
import { demand } from '../access/permissions.rules.ts';
import { sqlIn } from '../database/sql-in.ts';
import { Incident } from '../editorial/incidents/incident.entity.ts';
import { type FieldFault, HubError, invalidInput, readInput } from '../errors.ts';
import type { UnitOfWork } from '../office/unit-of-work.ts';
import { optional, optionalId } from '../publications/content/content.ts';
import { moment } from '../publications/content/moment.ts';
import { DUTY_FUNCTIONS, timeFaults } from './duty.rules.ts';
import { DutyShift, type DutyShiftRow } from './duty-shift.entity.ts';
import { type OneShift, oneByOne, type ShiftInHand, shiftInHand } from './shift-work.ts';

const shiftInput = z
  .object({
    id: optionalId,
    version: optional(z.int()),
    incident: optionalId,
    dutyFunction: z.enum(DUTY_FUNCTIONS),
    account: z.uuid('must be the id of an account'),
    rank: z.int().min(1, 'must lie between 1 and 9').max(9, 'must lie between 1 and 9'),
    from: moment,
    to: moment,
  })
  .transform(({ from, to, id, incident, account, ...input }) => ({
    ...input,
    id: id?.toLowerCase() ?? null,
    incident: incident?.toLowerCase() ?? null,
    account: account.toLowerCase(),
    startsAt: new Date(from),
    endsAt: new Date(to),
  }));
type Shift = Omit<z.output<typeof shiftInput>, 'id' | 'version'>;

/**
 * Plans a shift, or changes one: all of it before it has begun, its end and rank afterwards. INVALID_INPUT names every faulty
 * field; WRONG_STAGE for a shift that is handed over or done.
 */
export async function saveShift(work: UnitOfWork, input: unknown): Promise<{ id: string }> {
  demand(work.actor, 'saveShift');
  const { id, version, ...shift } = readInput(shiftInput, input, 'input');
  if ((id === null) !== (version === null))
    throw invalidInput([{ path: 'input.version', message: 'must be given where `id` is, and nowhere else' }]);
  await oneByOne(work);
  const inHand = id === null || version === null ? null : await shiftInHand(work, { id, version });
  const faults = [
    ...timeFaults(shift, work.clock.now(), inHand !== null && inHand.state !== 'PLANNED'),
    ...keptFaults(inHand, shift),
    ...(await placeFaults(work, id, shift)),
  ];
  if (faults.length > 0) throw invalidInput(faults.map(({ path, message }) => ({ path: `input.${path}`, message })));
  return write(work, inHand?.shift ?? null, shift);
}

/** Takes a shift off the roster that has not begun. WRONG_STAGE for every other one: it is handed over, or ends. */
export async function removeShift(work: UnitOfWork, which: OneShift): Promise<{ id: string }> {
  demand(work.actor, 'removeShift');
  const { shift, state } = await shiftInHand(work, which);
  if (state !== 'PLANNED' || shift.startsAt <= work.clock.now())
    throw new HubError('WRONG_STAGE', 'only a shift that has not begun is removed');
  await work.em.remove(shift).flush();
  return { id: which.id };
}

/** A shift that has begun keeps all but its end and its rank: another person takes over, and does not replace the first. */
function keptFaults(inHand: ShiftInHand | null, to: Shift): FieldFault[] {
  if (!inHand || inHand.state === 'PLANNED') return [];
  const { shift, state } = inHand;
  if (state !== 'ON_DUTY') throw new HubError('WRONG_STAGE', `saveShift is not possible while the shift is ${state}`);
  const kept: [string, boolean][] = [
    ['incident', to.incident === (shift.incident?.id ?? null)],
    ['dutyFunction', to.dutyFunction === shift.dutyFunction],
    ['account', to.account === shift.account.id],
    ['from', isSameSecond(to.startsAt, shift.startsAt)],
  ];
  return kept.flatMap(([path, isKept]) =>
    isKept ? [] : [{ path, message: 'must stay as it is, since the shift has begun: hand it over instead' }],
  );
}

const isSameSecond = (a: Date, b: Date): boolean => Math.floor(a.getTime() / 1000) === Math.floor(b.getTime() / 1000);

/** An account that may come in, an incident that is open, and no second shift of the person for the same at that time. */
async function placeFaults({ em }: UnitOfWork, id: string | null, shift: Shift): Promise<FieldFault[]> {
  const { account, incident, startsAt, endsAt } = shift;
  const [found] = await sqlIn(em)<{ isThere: boolean; state: string | null; overlaps: boolean }>(
    `select exists (select 1 from account where id = ? and disabled_at is null) as "isThere",
       (select state from incident where id = ?::uuid) as state,
       exists (select 1 from duty_shift s where s.account_id = ? and s.duty_function = ?
         and s.incident_id is not distinct from ?::uuid and s.ended_at is null
         and s.starts_at < ? and s.ends_at > ? and s.id is distinct from ?::uuid) as overlaps`,
    [account, incident, account, shift.dutyFunction, incident, endsAt.toISOString(), startsAt.toISOString(), id],
  );
  return [
    ...(found?.isThere ? [] : [{ path: 'account', message: 'must be the id of an account that is not disabled' }]),
    ...(incident !== null && found?.state !== 'OPEN'
      ? [{ path: 'incident', message: 'must be the id of an incident that is open' }]
      : []),
    ...(found?.overlaps ? [{ path: 'from', message: 'overlaps another shift of this person for the same' }] : []),
  ];
}

async function write({ em }: UnitOfWork, shift: DutyShiftRow | null, to: Shift): Promise<{ id: string }> {
  const columns = {
    ...to,
    incident: to.incident === null ? null : em.getReference(Incident, to.incident),
    account: em.getReference(Account, to.account),
  };
  const written = shift ?? em.create(DutyShift, { id: uuid(), version: 0, ...columns });
  // Clients read seconds: a shift that began between two of them keeps its very moment.
  const startsAt = shift && isSameSecond(shift.startsAt, to.startsAt) ? shift.startsAt : to.startsAt;
  Object.assign(written, { ...columns, startsAt, version: written.version + 1 });
  await em.flush();
  return { id: written.id };
}
