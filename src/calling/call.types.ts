import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { AccountType } from '../access/account.types.ts';
import { DateTimeScalar } from '../graphql/scalars.ts';
import { connectionOf } from '../paging/connection.types.ts';
import { graphqlEnum, ModeEnum } from '../publications/enum.types.ts';
import { IncidentType } from '../publications/publication.types.ts';
import type { Mode } from '../publications/vocabulary.ts';
import type { CallRequest, CallView } from './call.queries.ts';
import {
  CALL_REASONS,
  CALL_STATES,
  type CallReason,
  type CallState,
  CONTACT_WAYS,
  type ContactWay,
  STEP_OUTCOMES,
  type StepOutcome,
} from './call.rules.ts';

export const CallReasonEnum = graphqlEnum('CallReason', CALL_REASONS, 'What somebody is called to.', {
  REVIEW: 'A dossier waits for a review.',
  SIGNATURE: 'A dossier that was submitted lacks a signature of another organisation.',
  COSIGN: 'An urgent publication lacks its second signature.',
  ESCALATED: 'A report was escalated.',
  FLASH: 'A report tells of a life at stake; it rings until the answer of the Sdis is noted.',
  ENDS_SOON: 'An alert ends within 30 minutes, and nothing is decided about what follows.',
  DECISION_UNCONFIRMED: 'The act behind an oral order that is in force has been awaited for 24 hours.',
  INSTITUTIONS_UNREAD:
    'Institutions have not read of a grave alert for 10 minutes (EXTREME) or 20 (SEVERE): telephone them; `unread` counts them.',
  SITREP_DUE: 'The hour for which the last situation report of an incident announced the next has passed.',
  SOURCE_FAULT: 'A watched feed could not be read for 30 minutes.',
  ROSTER_HOLE: 'Within 24 hours nobody is on duty in a function that somebody must have; `topic` is the function.',
  HUB_FAULT:
    'Something of the hub itself has not worked for 10 minutes; `topic` says what: TIME (nobody does what is due at an hour) or LETTERS (no letter leaves).',
  RULE_UNMEETABLE: 'A rule of signature in force asks for more people than there are to sign; `topic` is its id.',
  TEST: 'Nothing: whether the person can be reached.',
});
export const CallStateEnum = graphqlEnum('CallState', CALL_STATES, 'Where a call stands.', {
  RINGING: 'People are rung, one after the other.',
  TAKEN: 'Somebody has taken it: nobody is rung until `takenUntil`.',
  DONE: 'It was decided.',
  LAPSED: 'What it was about is gone.',
  EXHAUSTED:
    'Everybody was rung, and nobody answered; they are rung again each 30 minutes, or later where nothing is urgent.',
});
export const ContactWayEnum = graphqlEnum('ContactWay', CONTACT_WAYS, 'How somebody is rung.', {
  DESK: 'The desk shows it.',
  EMAIL: 'By e-mail, at a contact point that the person confirmed.',
  SMS: 'By text, at such a contact point.',
  VOICE: 'By a telephone call, at such a contact point.',
});
export const StepOutcomeEnum = graphqlEnum('CallStepOutcome', STEP_OUTCOMES, 'What came of ringing somebody.', {
  WAITING: 'It is to be sent.',
  ACCEPTED: 'It was shown, or handed on. Nobody is known to have seen it.',
  FAILED: 'It was refused, or could not be sent before others were rung.',
  STOPPED: 'It was not sent: somebody had answered, or the call had ended.',
  ANSWERED: 'The person took the call or passed it on.',
});

@ObjectType('CallStep', { description: 'That one person was rung.' })
export class CallStepType {
  @Field(() => AccountType, { description: 'The person.' })
  account!: AccountType;
  @Field(() => ContactWayEnum, { description: 'How.' })
  way!: ContactWay;
  @Field(() => DateTimeScalar, { description: 'When; of a person who answered unasked, when that was.' })
  rungAt!: string;
  @Field(() => StepOutcomeEnum, { description: 'What came of it.' })
  outcome!: StepOutcome;
}

@ObjectType('Call', {
  description:
    'That somebody is called to what waits for a decision. For staff; a SIGNATORY sees those that ask for a signature of their organisation, or rang them for a flash.',
})
export class CallType implements Omit<CallView, 'dossier' | 'report' | 'watcher'> {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Field(() => CallReasonEnum, { description: 'What somebody is called to.' })
  reason!: CallReason;
  @Field(() => String, {
    nullable: true,
    description:
      'The thing that it is about, in a word, where that is no dossier, report, watcher or person: see `reason`.',
  })
  topic!: string | null;
  @Field(() => IncidentType, {
    nullable: true,
    description: 'The incident whose roster is rung first; null for none.',
  })
  incident!: IncidentType | null;
  @Field(() => Int, {
    nullable: true,
    description: 'How many institutions have not read of the alert now, for INSTITUTIONS_UNREAD; else null.',
  })
  unread!: number | null;
  @Field(() => CallStateEnum, { description: 'Where it stands.' })
  state!: CallState;
  @Field(() => ModeEnum, { description: 'Whether it is real; in an exercise those alone are called who take part.' })
  mode!: Mode;
  @Field(() => DateTimeScalar, { description: 'When it began.' })
  startedAt!: string;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was done or had lapsed; null while it is open.',
  })
  endedAt!: string | null;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the next people are rung; null once it has ended.',
  })
  nextAt!: string | null;
  @Field(() => AccountType, { nullable: true, description: 'The person who has taken it; null for nobody.' })
  takenBy!: AccountType | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'Until when nobody is rung; null unless it is TAKEN.' })
  takenUntil!: string | null;
  @Field(() => String, { nullable: true, description: 'From the person who passed it on; null for none.' })
  note!: string | null;
  @Field(() => [CallStepType], { description: 'The people who were rung, the newest 50 steps in their order.' })
  steps!: CallStepType[];
}

export const CallConnectionType = connectionOf('Call', () => CallType, {
  description: 'A page of calls, the newest first.',
  nodes: 'The calls of this page.',
});

@InputType('CallFilter', { description: 'Which calls; all conditions hold together.' })
export class CallFilter implements CallRequest {
  @Field(() => [CallReasonEnum], { nullable: true, description: 'For one of these reasons.' })
  reasons!: CallReason[] | null;
  @Field(() => [CallStateEnum], { nullable: true, description: 'In one of these states.' })
  states!: CallState[] | null;
  @Field(() => Boolean, { defaultValue: false, description: 'Those for which you were rung.' })
  mine!: boolean;
}
