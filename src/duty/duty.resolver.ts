import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { Actor } from '../access/actor.ts';
import { AccountConnectionType } from '../accounts/administration.types.ts';
import type { IncidentFile } from '../editorial/incidents/incident-file.queries.ts';
import { IncidentFileType } from '../editorial/incidents/incident-file.types.ts';
import type { Context } from '../graphql/context.ts';
import type { Batch } from '../graphql/loaders.ts';
import { PayloadMutation, REMOVED } from '../graphql/payload.types.ts';
import { DateTimeScalar, PageCursorScalar } from '../graphql/scalars.ts';
import type { Office } from '../office/office.ts';
import { AFTER, firstUpTo } from '../paging/connection.types.ts';
import type { Page } from '../paging/page.rules.ts';
import {
  type DutyShiftView,
  dutyCandidates,
  dutyRoster,
  onDuty,
  type RosterReader,
  writtenShift,
} from './duty.queries.ts';
import { DutyShiftConnectionType, DutyShiftType, RosterHoleType, ShiftInput } from './duty.types.ts';
import { handOver, takeOver } from './handover.commands.ts';
import { type RosterHoleView, rosterHoleViews } from './holes.queries.ts';
import { removeShift, saveShift } from './roster.commands.ts';

const ID_ARG = { description: 'The id of the shift.' };
const VERSION = { description: 'The version that you saw.' };
const SHIFT = { shift: { type: () => DutyShiftType, description: 'The shift as it then stood.' } };
const RELIEF = { shift: { type: () => DutyShiftType, description: 'The shift that now begins.' } };

interface ShiftPayload {
  shift: () => Promise<DutyShiftView>;
}

/** The roster of the crisis cell: who is on duty, when, and who follows. */
@Resolver(() => DutyShiftType)
export class DutyResolver {
  constructor(private readonly office: Office) {}

  @Query(() => DutyShiftConnectionType, {
    nullable: true,
    description:
      'The shifts between two moments, in the order of their beginnings; also those that were handed over before and that nobody has taken over. For staff and volunteers.',
  })
  dutyRoster(
    @Ctx() { actor }: Context,
    @Arg('from', () => DateTimeScalar, { description: 'From when.' }) from: string,
    @Arg('to', () => DateTimeScalar, { description: 'Until when.' }) to: string,
    @Arg('incident', () => ID, { nullable: true, description: 'Those of this incident alone.' })
    incident: string | null,
    @Arg('first', () => Int, firstUpTo()) first: number,
    @Arg('after', () => PageCursorScalar, AFTER) after: string | null,
  ): Promise<Page<DutyShiftView>> {
    return dutyRoster(this.#reader(actor), { from, to, incident, first, after });
  }

  @Query(() => [RosterHoleType], {
    nullable: true,
    description:
      'Where the standing roster and those of open incidents lack somebody in the next 24 hours, and who is on for too long. For staff and volunteers.',
  })
  rosterHoles(@Ctx() { actor }: Context): Promise<RosterHoleView[]> {
    return rosterHoleViews(this.office.read(), actor, this.office.now);
  }

  @Query(() => AccountConnectionType, {
    nullable: true,
    description: 'The people who may be put on the roster, by name: those whose account is not disabled. For staff.',
  })
  dutyCandidates(
    @Ctx() { actor }: Context,
    @Arg('first', () => Int, firstUpTo()) first: number,
    @Arg('after', () => PageCursorScalar, AFTER) after: string | null,
  ): Promise<Page<object>> {
    return dutyCandidates(this.office.read(), actor, { first, after });
  }

  @PayloadMutation(SHIFT, {
    description:
      'Plans a shift, or changes one: all of it before it has begun, its end and rank afterwards. For a VALIDATOR or a DUTY_OFFICER.',
  })
  async saveShift(
    @Ctx() { actor }: Context,
    @Arg('input', () => ShiftInput, { description: 'The whole of what it shall be.' }) input: ShiftInput,
  ): Promise<ShiftPayload> {
    const deed = { action: 'saveShift', ...(input.id ? { subject: input.id } : {}) } as const;
    const { id } = await this.office.run(actor, deed, (work) => saveShift(work, input));
    return this.#payload(actor, id);
  }

  @PayloadMutation(REMOVED, {
    description: 'Takes a shift off the roster that has not begun. For a VALIDATOR or a DUTY_OFFICER.',
  })
  async removeShift(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
  ): Promise<{ removedId: string }> {
    const deed = { action: 'removeShift', subject: id } as const;
    const removed = await this.office.run(actor, deed, (work) => removeShift(work, { id, version }));
    return { removedId: removed.id };
  }

  @PayloadMutation(SHIFT, {
    description:
      'Hands a shift over to another person, who is on from takeOver on; until then the first one is. For the person on duty, and for those who plan the roster.',
  })
  async handOver(
    @Ctx() { actor }: Context,
    @Arg('shift', () => ID, ID_ARG) shift: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('to', () => ID, { description: 'The id of the account of that person.' }) to: string,
    @Arg('note', () => String, { description: 'For that person, at most 5,000 characters.' }) note: string,
  ): Promise<ShiftPayload> {
    const deed = { action: 'handOver', subject: shift } as const;
    const { id } = await this.office.run(actor, deed, (work) => handOver(work, { id: shift, version, to, note }));
    return this.#payload(actor, id);
  }

  @PayloadMutation(RELIEF, {
    description:
      'Takes over a shift: the person before is off from then on. A shift that you have planned for the same begins, or a new one does until the end that was planned. For the person to whom it was handed.',
  })
  async takeOver(
    @Ctx() { actor }: Context,
    @Arg('shift', () => ID, ID_ARG) shift: string,
    @Arg('version', () => Int, VERSION) version: number,
  ): Promise<ShiftPayload> {
    const deed = { action: 'takeOver', subject: shift } as const;
    const { id } = await this.office.run(actor, deed, (work) => takeOver(work, { id: shift, version }));
    return this.#payload(actor, id);
  }

  #reader(actor: Actor | null): RosterReader {
    return { em: this.office.read(), actor, now: this.office.now };
  }

  #payload(actor: Actor | null, id: string): ShiftPayload {
    return { shift: () => writtenShift(this.#reader(actor), id) };
  }
}

/** The people on duty for an incident, in the file of that incident. */
@Resolver(() => IncidentFileType)
export class IncidentDutyResolver {
  readonly #onDuty: Batch<{ id: string; actor: Actor | null }, DutyShiftView[]>;

  constructor(office: Pick<Office, 'read' | 'now'>) {
    this.#onDuty = async (keys) => {
      const reader = { em: office.read(), actor: keys[0]?.actor ?? null, now: office.now };
      const found = await onDuty(reader, [...new Set(keys.map(({ id }) => id))]);
      return keys.map(({ id }) => found.get(id) ?? []);
    };
  }

  @FieldResolver(() => [DutyShiftType], {
    description: 'The people on duty for it now, by function, the first to be called first.',
  })
  onDuty(@Ctx() { actor, load }: Context, @Root() { id }: IncidentFile): Promise<DutyShiftView[]> {
    return load(this.#onDuty).load({ id, actor });
  }
}
