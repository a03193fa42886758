import { Field, ID, Int, ObjectType } from 'type-graphql';
import { AccountType } from '../access/account.types.ts';
import type { OrganisationView } from '../accounts/organisations/organisation.queries.ts';
import { OrganisationType } from '../accounts/organisations/organisation.types.ts';
import { DateTimeScalar } from '../graphql/scalars.ts';
import { connectionOf } from '../paging/connection.types.ts';
import { graphqlEnum } from '../publications/enum.types.ts';
import { IncidentType } from '../publications/publication.types.ts';
import { QUESTION_GROUP_STATES, type QuestionGroupState } from './question.rules.ts';
import type { QuestionGroupView } from './question-groups.queries.ts';

export const QuestionGroupStateEnum = graphqlEnum(
  'QuestionGroupState',
  QUESTION_GROUP_STATES,
  'Where a group of questions stands.',
  {
    OPEN: 'Nobody has answered it.',
    ANSWERED: 'A publication answers it; `outdated` says whether it still does.',
    REDIRECTED: 'It was sent on to the organisation that can answer it.',
    DROPPED: 'There is nothing to answer.',
  },
);

type ResolvedField = 'newest' | 'communes' | 'answer';

@ObjectType('QuestionGroup', {
  description: 'Reports of category QUESTION that ask the same. For volunteers and staff; never public.',
})
export class QuestionGroupType implements Omit<QuestionGroupView, ResolvedField> {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Field(() => Int, { description: 'Grows with each mutation; send it with the next.' })
  version!: number;
  @Field(() => String, { description: 'The question in one line.' })
  title!: string;
  @Field(() => QuestionGroupStateEnum, { description: 'Where it stands.' })
  state!: QuestionGroupState;
  @Field(() => IncidentType, { nullable: true, description: 'The incident that it is asked about; null for none.' })
  incident!: QuestionGroupView['incident'];
  @Field(() => Int, { description: 'How many questions it has.' })
  questionCount!: number;
  @Field(() => AccountType, { description: 'The person who made it.' })
  openedBy!: AccountType;
  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  openedAt!: string;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'Since when it was asked ten times within an hour while nothing public answers it; null where it was not.',
  })
  pressingSince!: string | null;
  @Field(() => Boolean, {
    description:
      'Whether its answer has been revised, is over or was withdrawn since it was given, so that replies that were pasted before may say what no longer holds.',
  })
  outdated!: boolean;
  @Field(() => OrganisationType, { nullable: true, description: 'Where it was sent on to; null unless REDIRECTED.' })
  redirectedTo!: OrganisationView | null;
  @Field(() => String, { nullable: true, description: 'Why it was redirected or dropped; null where nobody said.' })
  note!: string | null;
  @Field(() => AccountType, { nullable: true, description: 'The person who decided last; null while OPEN.' })
  decidedBy!: AccountType | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When; null while OPEN.' })
  decidedAt!: string | null;
}

export const QuestionGroupConnectionType = connectionOf('QuestionGroup', () => QuestionGroupType, {
  description: 'A page of groups of questions, the newest first.',
  nodes: 'The groups of this page.',
});
