import { Field, Float, ID, InputType, Int } from 'type-graphql';
import { DateTimeScalar } from '../../graphql/scalars.ts';
import {
  CategoryEnum,
  ModeEnum,
  PublicationKindEnum,
  PublicStateEnum,
  SeverityEnum,
  VigilanceColourEnum,
} from '../../publications/enum.types.ts';
import type { Mode, PublicationKind, PublicState, Severity, VigilanceColour } from '../../publications/vocabulary.ts';
import { PointInput } from '../../territory/point.types.ts';

@InputType('PlaceInput', { description: 'A commune or a point: exactly one of the two.' })
export class PlaceInput {
  @Field(() => String, { nullable: true, description: 'INSEE code; a former code means its successor.' })
  commune!: string | null;
  @Field(() => PointInput, { nullable: true, description: 'A point on earth.' })
  point!: PointInput | null;
}

@InputType('NearInput', { description: 'Within a distance of a point.' })
export class NearInput {
  @Field(() => PointInput, { description: 'The middle.' })
  point!: PointInput;
  @Field(() => Int, { description: 'Metres, 1 to 100,000.' })
  radiusMetres!: number;
}

@InputType('PublicationFilter', { description: 'Which publications; what is left out does not restrict.' })
export class PublicationFilter {
  @Field(() => [PublicationKindEnum], { nullable: true, description: 'Of one of these kinds.' })
  kinds?: PublicationKind[] | null;
  @Field(() => [String], { nullable: true, description: 'Touching one of these communes (INSEE codes).' })
  communes?: string[] | null;
  @Field(() => NearInput, { nullable: true, description: 'Touching this circle.' })
  near?: NearInput | null;
  @Field(() => [Float], { nullable: true, description: 'Touching this box: west, south, east, north, in degrees.' })
  bbox?: number[] | null;
  @Field(() => [PublicStateEnum], { nullable: true, description: 'Null: UPCOMING and IN_FORCE.' })
  states?: PublicState[] | null;
  @Field(() => [ModeEnum], { nullable: true, description: 'Null: ACTUAL alone.' })
  modes?: Mode[] | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'With a window that contains this time.' })
  activeAt?: string | null;
  @Field(() => ID, { nullable: true, description: 'Of this incident.' })
  incident?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'Containing these words, by their French stems, whatever the accents.',
  })
  search?: string | null;
  @Field(() => SeverityEnum, {
    nullable: true,
    description: 'Of alerts at least this grave; other kinds have no severity and pass.',
  })
  severityAtLeast?: Severity | null;
}

@InputType('AlertFilter', { description: 'Which alerts; what is left out does not restrict.' })
export class AlertFilter {
  @Field(() => [String], { nullable: true, description: 'Touching one of these communes (INSEE codes).' })
  communes?: string[] | null;
  @Field(() => NearInput, { nullable: true, description: 'Touching this circle.' })
  near?: NearInput | null;
  @Field(() => [Float], { nullable: true, description: 'Touching this box: west, south, east, north, in degrees.' })
  bbox?: number[] | null;
  @Field(() => [PublicStateEnum], { nullable: true, description: 'Null: UPCOMING and IN_FORCE.' })
  states?: PublicState[] | null;
  @Field(() => [ModeEnum], { nullable: true, description: 'Null: ACTUAL alone.' })
  modes?: Mode[] | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'With a window that contains this time.' })
  activeAt?: string | null;
  @Field(() => ID, { nullable: true, description: 'Of this incident.' })
  incident?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'Containing these words, by their French stems, whatever the accents.',
  })
  search?: string | null;
  @Field(() => SeverityEnum, { nullable: true, description: 'At least this grave.' })
  severityAtLeast?: Severity | null;
  @Field(() => VigilanceColourEnum, { nullable: true, description: 'At least this colour.' })
  vigilanceAtLeast?: VigilanceColour | null;
  @Field(() => [String], { nullable: true, description: 'Of one of these hazards (OASIS Event Terms codes).' })
  hazards?: string[] | null;
  @Field(() => [CategoryEnum], { nullable: true, description: 'Of one of these categories.' })
  categories?: string[] | null;
}
