import { Extensions, Field, Float, ID, InputType, Int } from 'type-graphql';
import { ONE_OF } from '../../graphql/one-of.ts';
import { CommuneCodeScalar, DateTimeScalar } from '../../graphql/scalars.ts';
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

const UPDATED_AFTER =
  'Something was told of it after this time: a revision, an observation, a verification, its end. With `states`, what has ended too.';
const ACTIVE_AT =
  'In force at this time: of the past, as the public was told then; of the future, as it is planned now. Not together with `states`.';

@Extensions(ONE_OF)
@InputType('PlaceInput', {
  description:
    'A commune or a point: exactly one of the two. A point may lie anywhere, since a phone may; a code that is of no commune of the Essonne is a mistake of whoever wrote it, and refused.',
})
export class PlaceInput {
  @Field(() => CommuneCodeScalar, {
    nullable: true,
    description: 'INSEE code of a commune of the Essonne, else INVALID_INPUT; a former code means its successor.',
  })
  commune!: string | null;
  @Field(() => PointInput, {
    nullable: true,
    description: 'A point on earth; outside the Essonne, `Situation.commune` is null and every list is empty.',
  })
  point!: PointInput | null;
}

@InputType('NearInput', { description: 'Within a distance of a point.' })
export class NearInput {
  @Field(() => PointInput, { description: 'The middle.' })
  point!: PointInput;
  @Field(() => Int, { description: 'Metres, 1 to 100,000.' })
  radiusMetres!: number;
}

@InputType('BoundingBox', { description: 'A box on the map, WGS 84, in degrees.' })
export class BoundingBox {
  @Field(() => Float, { description: 'The least longitude, -180 to 180.' })
  west!: number;
  @Field(() => Float, { description: 'The least latitude, -90 to 90.' })
  south!: number;
  @Field(() => Float, { description: 'The greatest longitude; east of `west`.' })
  east!: number;
  @Field(() => Float, { description: 'The greatest latitude; north of `south`.' })
  north!: number;
}

/** The fields by which publications of every kind are found; the filters of the API extend it. */
@InputType()
abstract class AnyPublicationFilter {
  @Field(() => [ID], { nullable: true, description: 'One of these, by their threads.' })
  publications?: string[] | null;
  @Field(() => [String], { nullable: true, description: 'Of one of these hazards (OASIS Event Terms codes).' })
  hazards?: string[] | null;
  @Field(() => [CommuneCodeScalar], { nullable: true, description: 'Touching one of these communes (INSEE codes).' })
  communes?: string[] | null;
  @Field(() => NearInput, { nullable: true, description: 'Touching this circle.' })
  near?: NearInput | null;
  @Field(() => BoundingBox, { nullable: true, description: 'Touching this box.' })
  box?: BoundingBox | null;
  @Field(() => [PublicStateEnum], { nullable: true, description: 'Null: UPCOMING and IN_FORCE.' })
  states?: PublicState[] | null;
  @Field(() => [ModeEnum], { nullable: true, description: 'Null: ACTUAL alone.' })
  modes?: Mode[] | null;
  @Field(() => DateTimeScalar, { nullable: true, description: ACTIVE_AT })
  activeAt?: string | null;
  @Field(() => DateTimeScalar, { nullable: true, description: UPDATED_AFTER })
  updatedAfter?: string | null;
  @Field(() => [ID], { nullable: true, description: 'Of one of these incidents.' })
  incidents?: string[] | null;
  @Field(() => String, {
    nullable: true,
    description: 'Containing these words, by their French stems, whatever the accents.',
  })
  search?: string | null;
}

@InputType('PublicationFilter', { description: 'Which publications; what is left out does not restrict.' })
export class PublicationFilter extends AnyPublicationFilter {
  @Field(() => [PublicationKindEnum], { nullable: true, description: 'Of one of these kinds.' })
  kinds?: PublicationKind[] | null;
  @Field(() => SeverityEnum, {
    nullable: true,
    description: 'Of alerts at least this grave; other kinds have no severity and pass.',
  })
  severityAtLeast?: Severity | null;
}

@InputType('AlertFilter', { description: 'Which alerts; what is left out does not restrict.' })
export class AlertFilter extends AnyPublicationFilter {
  @Field(() => SeverityEnum, { nullable: true, description: 'At least this grave.' })
  severityAtLeast?: Severity | null;
  @Field(() => VigilanceColourEnum, { nullable: true, description: 'At least this colour.' })
  vigilanceAtLeast?: VigilanceColour | null;
  @Field(() => [CategoryEnum], { nullable: true, description: 'Of one of these categories.' })
  categories?: string[] | null;
}
