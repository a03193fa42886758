import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '../../graphql/scalars.ts';
import { connectionOf } from '../../paging/connection.types.ts';
import { graphqlEnum } from '../../publications/enum.types.ts';
import { NOTICE_STATES, type NoticeState } from '../vocabulary.ts';
import type { NoticeView } from './notice.queries.ts';

const NoticeStateEnum = graphqlEnum('NoticeState', NOTICE_STATES, 'Whether an institution has read of an alert.', {
  WAITING: 'Its letters have not left yet.',
  SENT: 'The relay took a letter; nobody has said that it was read.',
  REFUSED: 'None of its mailboxes is there: telephone.',
  GIVEN_UP: 'No letter got there before the alert ended.',
  ACKNOWLEDGED: 'A person said who takes charge.',
});

@ObjectType('InstitutionNotice', {
  description: 'That an institution was written to about an alert, and whether a person has read of it. Staff only.',
})
export class InstitutionNoticeType implements Omit<NoticeView, 'institutionId'> {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Field(() => ID, { description: 'The publication that it is about.' })
  publicationId!: string;
  @Field(() => Int, { description: 'The revision that asks to be read: the last one that rang.' })
  revision!: number;
  @Field(() => NoticeStateEnum, { description: 'How far it has come.' })
  state!: NoticeState;
  @Field(() => DateTimeScalar, { description: 'Since when it asks to be read.' })
  askedAt!: string;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the relay took the first letter since; null before.',
  })
  sentAt!: string | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When a person said that it was read; null before.' })
  acknowledgedAt!: string | null;
  @Field(() => String, { nullable: true, description: 'Who takes charge, in French; null before.' })
  acknowledgedAs!: string | null;
}

export const InstitutionNoticeConnectionType = connectionOf('InstitutionNotice', () => InstitutionNoticeType, {
  description: 'A page of notices, those that wait longest first.',
  nodes: 'The notices of this page.',
});
