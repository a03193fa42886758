import { Field, Int, ObjectType } from 'type-graphql';
import { CursorScalar } from '../graphql/scalars.ts';
import { kindOf } from '../publications/kinds.ts';
import { typesOf } from '../publications/kinds.types.ts';
import { KINDS } from '../publications/vocabulary.ts';
import { CommuneType } from '../territory/commune.types.ts';

@ObjectType('Situation', { description: 'What is in force or to come at one place.' })
export class SituationType {
  @Field(() => CommuneType, { nullable: true, description: 'The commune; null for a point outside the Département.' })
  commune!: CommuneType | null;
  @Field(() => CursorScalar, { description: 'The position in the journal that this answer shows: follow after it.' })
  asOf!: string;
  @Field(() => Int, {
    description:
      'The same position as a number: of two answers the higher one is newer. It counts anew after RESYNC_REQUIRED.',
  })
  position!: number;
  @Field(() => Boolean, { description: 'True while the database cannot be reached: newer changes may be missing.' })
  stale!: boolean;
}

for (const kind of KINDS) {
  const { field, description } = kindOf(kind).situation;
  Field(() => [typesOf(kind).type], { description })(SituationType.prototype, field);
}
