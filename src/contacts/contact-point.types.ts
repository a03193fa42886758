import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { ContactWay } from '../calling/call.rules.ts';
import { ContactWayEnum } from '../calling/call.types.ts';
import { DateTimeScalar } from '../graphql/scalars.ts';
import type { ContactPointView } from './contact-point.queries.ts';
import type { QuietHours } from './messages/sending-time.rules.ts';

@ObjectType('QuietHours', {
  description: 'Hours of each day, in Paris; over midnight where the end is the earlier one.',
})
export class QuietHoursType implements QuietHours {
  @Field(() => String, { description: 'As 22:00.' })
  from!: string;
  @Field(() => String, { description: 'As 06:30.' })
  to!: string;
}

@InputType('QuietHoursInput', {
  description: 'Hours of each day, in Paris; over midnight where the end is the earlier one.',
})
export class QuietHoursInput implements QuietHours {
  @Field(() => String, { description: 'As 22:00.' })
  from!: string;
  @Field(() => String, { description: 'As 06:30; another time than `from`.' })
  to!: string;
}

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
  @Field(() => String, {
    description: 'An e-mail address, a domain with accents in its ASCII form; or a telephone number as +33612345678.',
  })
  address!: string;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When you gave the code that was sent there; null while you have not, and are not rung there.',
  })
  confirmedAt!: string | null;
  @Field(() => QuietHoursType, {
    nullable: true,
    description:
      'When you are not rung there for what can wait: reviews, reports and ends of alerts up to MODERATE, and sources at fault. It comes as one message afterwards.',
  })
  quietHours!: QuietHours | null;
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
  @Field(() => String, { description: 'One e-mail address, or one telephone number; in France with its zero, too.' })
  address!: string;
  @Field(() => QuietHoursInput, {
    nullable: true,
    description: 'When you are not rung there for what can wait; null: never.',
  })
  quietHours!: QuietHours | null;
}
