import { Field, Int, ObjectType } from 'type-graphql';
import { CursorScalar } from '../graphql/scalars.ts';
import { AS_OF, POSITION, STALE } from '../paging/connection.types.ts';
import { kindOf } from '../publications/kinds.ts';
import { typesOf } from '../publications/kinds.types.ts';
import { KINDS } from '../publications/vocabulary.ts';
import { CommuneType } from '../territory/commune.types.ts';

@ObjectType('Situation', { description: 'What is in force or to come at one place.' })
export class SituationType {
  @Field(() => CommuneType, { nullable: true, description: 'The commune; null for a point outside the Département.' })
  commune!: CommuneType | null;
  @Field(() => CursorScalar, AS_OF)
  asOf!: string;
  @Field(() => Int, POSITION)
  position!: number;
  @Field(() => Boolean, STALE)
  stale!: boolean;
}

for (const kind of KINDS) {
  const { field, description } = kindOf(kind).situation;
  Field(() => [typesOf(kind).type], { description })(SituationType.prototype, field);
}
