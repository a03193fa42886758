import { ArgsType, Field, InputType } from 'type-graphql';
import { CommuneCodeScalar, DateTimeScalar, GeoJSONScalar, UrlScalar } from '../graphql/scalars.ts';
import type { GeoJsonGeometry } from '../territory/geometry.rules.ts';
import { LanguageTagScalar } from './content/language.types.ts';

@InputType('PublicationTextInput', { description: 'The words of a publication in one language: plain text, no HTML.' })
export class PublicationTextInput {
  @Field(() => LanguageTagScalar, { description: 'BCP 47 language tag: fr-FR, en-GB, fr-FR-x-falc.' })
  language!: string;
  @Field(() => String, { description: 'One line; beyond 140 characters it may be cut.' })
  headline!: string;
  @Field(() => String, { description: 'What is happening.' })
  description!: string;
  @Field(() => String, { nullable: true, description: 'What to do.' })
  instruction!: string | null;
}

@InputType('PublicationAreaInput', { description: 'Where it applies: communes, or a shape, or both.' })
export class PublicationAreaInput {
  @Field(() => String, { description: 'The place in words.' })
  description!: string;
  @Field(() => [CommuneCodeScalar], { nullable: true, description: 'INSEE codes; a former code means its successor.' })
  communes!: string[] | null;
  @Field(() => GeoJSONScalar, { nullable: true, description: 'A shape that touches the Essonne (5 km tolerance).' })
  geometry!: GeoJsonGeometry | null;
}

@InputType('PublicationSourceInput', {
  description: 'The authority that says so, where it is not the Département itself.',
})
export class PublicationSourceInput {
  @Field(() => String, { description: 'The name of the authority.' })
  name!: string;
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'True: these are the words of that authority, relayed unchanged.',
  })
  relayed!: boolean;
  @Field(() => UrlScalar, { nullable: true, description: 'Where the original stands.' })
  url!: string | null;
  @Field(() => String, { nullable: true, description: 'The original’s own reference.' })
  reference!: string | null;
}

/** The arguments of every mutation that records what was seen on the ground. */
@ArgsType()
export abstract class ObserveArguments {
  @Field(() => DateTimeScalar, { description: 'When it was seen; not in the future.' })
  observedAt!: string;
  @Field(() => String, { nullable: true, description: 'A remark that the public reads; FORBIDDEN for a marshal.' })
  note!: string | null;
}
