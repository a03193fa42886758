import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { AccountType } from '../access/account.types.ts';
import { DateTimeScalar } from '../graphql/scalars.ts';
import { connectionOf } from '../paging/connection.types.ts';
import { graphqlEnum } from '../publications/enum.types.ts';
import { IncidentType } from '../publications/publication.types.ts';
import type { DutyShiftView } from './duty.queries.ts';
import { DUTY_FUNCTIONS, type DutyFunction, SHIFT_STATES, type ShiftState } from './duty.rules.ts';
import type { RosterHoleView } from './holes.queries.ts';
import { HOLE_REASONS, type HoleReason } from './holes.rules.ts';

export const DutyFunctionEnum = graphqlEnum(
  'DutyFunction',
  DUTY_FUNCTIONS,
  'The functions of the crisis cell. They say who is called, and give no right.',
  {
    LEAD: 'Leads the cell.',
    LOG_KEEPER: 'Keeps the log.',
    EDITOR: 'Writes.',
    VALIDATOR: 'Approves and publishes.',
    WATCHER: 'Watches networks and feeds.',
    CHECKER: 'Checks reports.',
    SDIS_CONTACT: 'Is the contact of the Sdis.',
    DUTY_OFFICER: 'Decides where nobody else is there.',
  },
);
export const ShiftStateEnum = graphqlEnum('ShiftState', SHIFT_STATES, 'Where a shift stands now, by the clock.', {
  PLANNED: 'Its beginning lies ahead.',
  ON_DUTY: 'The person is on duty.',
  HANDING_OVER: 'The person is on duty until the one to whom it was handed takes over.',
  DONE: 'Over: its end has come, somebody took over, or its incident is closed.',
});
export const HoleReasonEnum = graphqlEnum('RosterHoleReason', HOLE_REASONS, 'What a roster lacks.', {
  NOBODY: 'Nobody has a function that somebody must have.',
  TOO_LONG: 'Somebody is on for incidents for more than 12 hours in a row.',
});

@ObjectType('DutyShift', { description: 'A person with a function of the crisis cell, for a time.' })
export class DutyShiftType implements DutyShiftView {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Field(() => Int, { description: 'Grows with each mutation; send it with the next.' })
  version!: number;
  @Field(() => IncidentType, { nullable: true, description: 'The incident; null on the standing roster.' })
  incident!: IncidentType | null;
  @Field(() => DutyFunctionEnum, { description: 'The function, which gives no right.' })
  dutyFunction!: DutyFunction;
  @Field(() => AccountType, { description: 'The person.' })
  account!: AccountType;
  @Field(() => Int, { description: 'Of several people with one function, who is called first: 1 to 9.' })
  rank!: number;
  @Field(() => DateTimeScalar, { description: 'From when.' })
  from!: string;
  @Field(() => DateTimeScalar, {
    description: 'Until when; of a shift that is handed over, the end planned, until somebody takes over.',
  })
  to!: string;
  @Field(() => ShiftStateEnum, { description: 'Where it stands now.' })
  state!: ShiftState;
  @Field(() => AccountType, { nullable: true, description: 'The person to whom it was handed; null for nobody.' })
  handedTo!: AccountType | null;
  @Field(() => String, {
    nullable: true,
    description: 'For the person who takes over; null without one, and for volunteers whom it does not concern.',
  })
  note!: string | null;
  @Field(() => ID, { nullable: true, description: 'The shift that this one took over; null for none.' })
  relieves!: string | null;
}

@ObjectType('RosterHole', { description: 'What the roster lacks in the next 24 hours.' })
export class RosterHoleType implements RosterHoleView {
  @Field(() => HoleReasonEnum, { description: 'What it lacks.' })
  reason!: HoleReason;
  @Field(() => IncidentType, { nullable: true, description: 'The incident; null for the standing roster.' })
  incident!: IncidentType | null;
  @Field(() => DutyFunctionEnum, { description: 'The function.' })
  dutyFunction!: DutyFunction;
  @Field(() => AccountType, {
    nullable: true,
    description: 'The person who is on for too long; null where nobody is on.',
  })
  account!: AccountType | null;
  @Field(() => DateTimeScalar, { description: 'From when; never before now.' })
  from!: string;
  @Field(() => DateTimeScalar, { description: 'Until when; where nobody is on, no later than 24 hours from now.' })
  to!: string;
}

@InputType('ShiftInput', { description: 'A shift to plan, or the whole of what one shall be.' })
export class ShiftInput {
  @Field(() => ID, { nullable: true, description: 'The id of a shift that is there; a new one without it.' })
  id!: string | null;
  @Field(() => Int, { nullable: true, description: 'The version of that shift that you saw.' })
  version!: number | null;
  @Field(() => ID, { nullable: true, description: 'An incident that is open; the standing roster without it.' })
  incident!: string | null;
  @Field(() => DutyFunctionEnum, { description: 'The function.' })
  dutyFunction!: DutyFunction;
  @Field(() => ID, { description: 'The id of an account that is not disabled.' })
  account!: string;
  @Field(() => Int, { defaultValue: 1, description: 'Who is called first of several people: 1 to 9.' })
  rank!: number;
  @Field(() => DateTimeScalar, { description: 'From when; at most a day ago.' })
  from!: string;
  @Field(() => DateTimeScalar, { description: 'Until when: after now, and at most a week after `from`.' })
  to!: string;
}

export const DutyShiftConnectionType = connectionOf('DutyShift', () => DutyShiftType, {
  description: 'A page of shifts, in the order of their beginnings.',
  nodes: 'The shifts of this page.',
});
