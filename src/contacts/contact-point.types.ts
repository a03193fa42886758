import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { ContactWay } from '../calling/call.rules.ts';
import { ContactWayEnum } from '../calling/call.types.ts';
import { DateTimeScalar } from '../graphql/scalars.ts';
import type { ContactPointView } from './contact-point.queries.ts';

@ObjectType('ContactPoint', {
  description: 'Where you can be rung besides the desk. Nobody but you ever sees it.',
})
export class ContactPointType implements Omit<ContactPointView, 'way'> {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Field(() => Int, { description: 'Grows with each change; send it with the next one.' })
  version!: number;
  @Field(() => ContactWayEnum, { description: 'How you are rung there.' })
  way!: ContactWay;
  @Field(() => String, { description: 'Your own name for it.' })
  label!: string;
  @Field(() => String, { description: 'The address; a domain with accents in its ASCII form.' })
  address!: string;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When you gave the code that was sent there; null while you have not, and are not rung there.',
  })
  confirmedAt!: string | null;
}

@InputType('ContactPointInput', { description: 'The whole of a contact point.' })
export class ContactPointInput {
  @Field(() => ID, { nullable: true, description: 'That of one to be saved anew; left out for a new one.' })
  id!: string | null;
  @Field(() => Int, { nullable: true, description: 'The version that you saw; with `id` alone.' })
  version!: number | null;
  @Field(() => ContactWayEnum, { description: 'How you are rung there; not DESK. It stays as it is.' })
  way!: ContactWay;
  @Field(() => String, { description: 'Your own name for it, at most 50 characters.' })
  label!: string;
  @Field(() => String, { description: 'One e-mail address.' })
  address!: string;
}
