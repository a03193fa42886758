import { Field, ID, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '../graphql/scalars.ts';
import type { DeskSessionView } from './desk-session-views.queries.ts';

@ObjectType('DeskSession', {
  description: 'A person who has signed in to the desk with a browser. Where that browser is, the hub does not keep.',
})
export class DeskSessionType implements DeskSessionView {
  @Field(() => ID, { description: 'Its id; it opens nothing.' })
  id!: string;
  @Field(() => DateTimeScalar, { description: 'When the person signed in.' })
  startedAt!: string;
  @Field(() => DateTimeScalar, { description: 'When the person asked for something last, to the minute.' })
  lastSeenAt!: string;
  @Field(() => DateTimeScalar, {
    description:
      'When it ends by itself, unless the person asks for something before; at the latest when its time is over.',
  })
  expiresAt!: string;
  @Field(() => Boolean, { description: 'Whether this very request came in by it.' })
  current!: boolean;
}
