import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { AccountType } from '../access/account.types.ts';
import type { OrganisationView } from '../accounts/organisations/organisation.queries.ts';
import { OrganisationType } from '../accounts/organisations/organisation.types.ts';
import { DateTimeScalar } from '../graphql/scalars.ts';
import { connectionOf } from '../paging/connection.types.ts';
import { graphqlEnum, ModeEnum } from '../publications/enum.types.ts';
import { IncidentType } from '../publications/publication.types.ts';
import type { Mode } from '../publications/vocabulary.ts';
import {
  EMERGENCY_CALLS,
  type EmergencyCalled,
  FLASH_ANSWERS,
  FLASH_STATES,
  type FlashAnswer,
  type FlashState,
} from './flash.rules.ts';
import type { FlashRequest, FlashView } from './flash-views.queries.ts';

export const FlashStateEnum = graphqlEnum('FlashState', FLASH_STATES, 'Where a flash stands.', {
  SENT: 'It was sent, and nobody has answered yet.',
  UNANSWERED: 'Nobody has answered for six minutes; people are rung on.',
  ANSWERED: 'The Sdis has answered.',
  WITHDRAWN: 'It was taken back.',
});
export const FlashAnswerEnum = graphqlEnum('FlashAnswer', FLASH_ANSWERS, 'The answers of the Sdis.', {
  TAKEN: 'It is taken into account.',
  KNOWN_ALREADY: 'The Sdis knew.',
  NOT_FOUND: 'The place cannot be found.',
  NOT_FOR_US: 'It is nothing for the Sdis.',
});
export const EmergencyCalledEnum = graphqlEnum(
  'EmergencyCalled',
  EMERGENCY_CALLS,
  'Whether somebody has called 18, 112 or 114.',
  {
    BY_US: 'The person who sends the flash, or the desk, has.',
    BY_WITNESS: 'Somebody on the spot has.',
    NOT_YET: 'Nobody has: the answer gives the direct number of the Sdis.',
    NOT_KNOWN: 'Nobody knows.',
  },
);

@ObjectType('Flash', {
  description:
    'That a report tells of a life at stake, for the Sdis. It replaces no emergency number. For staff and volunteers; never public.',
})
export class FlashType implements Omit<FlashView, 'report'> {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Field(() => Int, { description: 'Its number, without a gap over all flashes of the hub.' })
  number!: number;
  @Field(() => IncidentType, { nullable: true, description: 'The incident that it belongs to; null for none.' })
  incident!: FlashView['incident'];
  @Field(() => ModeEnum, { description: 'Whether it is real; in an exercise those alone are called who take part.' })
  mode!: Mode;
  @Field(() => OrganisationType, {
    nullable: true,
    description: 'The organisation of its contact; null where no contact was on duty.',
  })
  to!: OrganisationView | null;
  @Field(() => FlashStateEnum, { description: 'Where it stands now.' })
  state!: FlashState;
  @Field(() => Boolean, {
    description: 'Whether its report was confirmed, at least in part. If not, say « NON VÉRIFIÉ » with it.',
  })
  verified!: boolean;
  @Field(() => Boolean, {
    description:
      'Whether somebody has to telephone: nobody of the Sdis was on duty, or none has answered for four minutes.',
  })
  escalated!: boolean;
  @Field(() => String, { description: 'Where it stands, in French, to be shown as it is.' })
  notice!: string;
  @Field(() => String, {
    nullable: true,
    description:
      'The direct number of the Sdis while it waits for an answer, and is `escalated` or nobody has called an emergency number; null else, in an exercise, and where none is on record.',
  })
  directNumber!: string | null;
  @Field(() => String, { description: 'What happens; a mark such as [téléphone 1] stands for personal data.' })
  what!: string;
  @Field(() => String, { description: 'Where.' })
  place!: string;
  @Field(() => EmergencyCalledEnum, { description: 'Whether somebody had called an emergency number by then.' })
  emergencyCalled!: EmergencyCalled;
  @Field(() => AccountType, { description: 'The person who sent it.' })
  sentBy!: AccountType;
  @Field(() => DateTimeScalar, { description: 'When it was sent.' })
  sentAt!: string;
  @Field(() => FlashAnswerEnum, { nullable: true, description: 'The answer of the Sdis; null unless ANSWERED.' })
  answer!: FlashAnswer | null;
  @Field(() => String, { nullable: true, description: 'Beside the answer; null for nothing.' })
  remark!: string | null;
  @Field(() => AccountType, {
    nullable: true,
    description: 'The contact, or the person of the desk who noted the answer; null unless ANSWERED.',
  })
  answeredBy!: AccountType | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When; null unless ANSWERED.' })
  answeredAt!: string | null;
  @Field(() => String, { nullable: true, description: 'Why it was taken back; null unless WITHDRAWN.' })
  withdrawnFor!: string | null;
  @Field(() => AccountType, { nullable: true, description: 'The person who took it back; null unless WITHDRAWN.' })
  withdrawnBy!: AccountType | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When; null unless WITHDRAWN.' })
  withdrawnAt!: string | null;
}

export const FlashConnectionType = connectionOf('Flash', () => FlashType, {
  description: 'A page of flashes, the newest first.',
  nodes: 'The flashes of this page.',
});

@InputType('FlashFilter', { description: 'Which flashes; all conditions hold together.' })
export class FlashFilter implements FlashRequest {
  @Field(() => [FlashStateEnum], { nullable: true, description: 'In one of these states.' })
  states!: FlashState[] | null;
  @Field(() => ID, { nullable: true, description: 'Of this incident.' })
  incident!: string | null;
}
