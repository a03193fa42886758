import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '../../../graphql/scalars.ts';
import { connectionOf } from '../../../paging/connection.types.ts';
import { graphqlEnum } from '../../../publications/enum.types.ts';
import { DELIVERY_STATES, type DeliveryState } from '../vocabulary.ts';
import type { DeliveryView } from './delivery.queries.ts';

export const WebhookDeliveryStateEnum = graphqlEnum(
  'WebhookDeliveryState',
  DELIVERY_STATES,
  'What became of a message.',
  {
    PENDING: 'It waits for its turn, or for its next attempt.',
    DELIVERED: 'The receiver answered 2xx.',
    FAILED: 'It was given up: every attempt failed, or the webhook was paused.',
  },
);

@ObjectType('WebhookDelivery', { description: 'One message for one webhook.' })
export class WebhookDeliveryType implements DeliveryView {
  @Field(() => ID, { description: 'The `webhook-id`, the same over every attempt.' })
  id!: string;
  @Field(() => String, { description: 'The type of its event, as `publication.published`.' })
  type!: string;
  @Field(() => ID, { nullable: true, description: 'The publication that it is about; null for a ping.' })
  publicationId!: string | null;
  @Field(() => Int, {
    nullable: true,
    description: 'Its place in the journal: the order of messages. Null for a ping.',
  })
  position!: number | null;
  @Field(() => WebhookDeliveryStateEnum, { description: 'What became of it.' })
  state!: DeliveryState;
  @Field(() => Int, { description: 'How many attempts were made.' })
  attempts!: number;
  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: string;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it is tried next, if no earlier message waits; null unless it is PENDING.',
  })
  dueAt!: string | null;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was tried last; null before the first attempt.',
  })
  attemptedAt!: string | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was delivered or given up; null before.' })
  endedAt!: string | null;
  @Field(() => Int, { nullable: true, description: 'The HTTP status of the last answer; null where there was none.' })
  status!: number | null;
  @Field(() => String, {
    nullable: true,
    description: 'Why the last attempt failed, in French; null where it did not.',
  })
  fault!: string | null;
}

export const WebhookDeliveryConnectionType = connectionOf('WebhookDelivery', () => WebhookDeliveryType, {
  description: 'A page of messages, newest first.',
  nodes: 'The messages of this page.',
});
