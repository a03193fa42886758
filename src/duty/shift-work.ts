import { permits } from '../access/permissions.rules.ts';
import { sqlIn } from '../database/sql-in.ts';
import { demandVersion, lockRow } from '../office/lock.queries.ts';
import type { UnitOfWork } from '../office/unit-of-work.ts';
import { type ShiftState, shiftState } from './duty.rules.ts';
import { DutyShift, type DutyShiftRow } from './duty-shift.entity.ts';

/** A shift, and the version of it that a client saw. */
export interface OneShift {
  id: string;
  version: number;
}

export interface ShiftInHand {
  shift: DutyShiftRow;
  state: ShiftState;
}

/** Locks a shift until the transaction ends. Throws NOT_FOUND, or CONFLICT with the current version. */
export async function shiftInHand({ em, clock }: UnitOfWork, { id, version }: OneShift): Promise<ShiftInHand> {
  const shift: DutyShiftRow = await lockRow(em, { entity: DutyShift, name: 'shift' }, id);
  demandVersion(shift, 'shift', version);
  const incident = shift.incident?.id ?? null;
  const [row] = incident
    ? await sqlIn(em)<{ state: string }>('select state from incident where id = ?', [incident])
    : [{ state: 'OPEN' }];
  const times = {
    startsAt: shift.startsAt,
    endsAt: shift.endsAt,
    handedTo: shift.handedTo?.id ?? null,
    endedAt: shift.endedAt ?? null,
  };
  return { shift, state: shiftState(times, row?.state === 'OPEN', clock.now()) };
}

/** Whether an actor plans the roster, and so hands over for others too. */
export const plansRoster = ({ actor }: Pick<UnitOfWork, 'actor'>): boolean => permits(actor, 'saveShift');

/** People who change the roster come here one after the other, so that the second reads the shifts of the first. */
export const oneByOne = async ({ em }: UnitOfWork): Promise<void> => {
  await sqlIn(em)(`select pg_advisory_xact_lock(hashtext('tocsin duty roster'))`);
};
