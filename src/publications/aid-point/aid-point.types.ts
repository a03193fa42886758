import type { Point } from 'geojson';
import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { CommuneCodeScalar, DateTimeScalar, GeoJSONScalar } from '../../graphql/scalars.ts';
import { CommuneType } from '../../territory/commune.types.ts';
import { LanguageTagScalar } from '../content/language.types.ts';
import { graphqlEnum, ModeEnum } from '../enum.types.ts';
import { ObserveArguments, PublicationSourceInput, PublicationTextInput } from '../input.types.ts';
import { PublicationType } from '../publication.types.ts';
import type { Mode } from '../vocabulary.ts';
import { API_WHEELCHAIR, PURPOSES, type Purpose, SEEN_STATUSES } from './aid-point.content.ts';

export const PurposeEnum = graphqlEnum('AidPurpose', PURPOSES, 'A need that a place answers.', {
  SHELTER: 'A roof for the night.',
  MEALS: 'Something to eat.',
  WATER: 'Drinking water.',
  CLOTHING: 'Clothes and blankets.',
  HYGIENE: 'Showers, toilets, laundry.',
  CHARGING: 'Electricity for telephones and small devices.',
  WARMING: 'A warm room.',
  COOLING: 'A cool room.',
  INFORMATION: 'Somebody who answers questions.',
  REGISTRATION: 'People are registered, so that their families find them.',
  PAPERWORK: 'Help with insurance, papers and allowances.',
  FIRST_AID: 'First aid.',
  PSYCHOLOGICAL_SUPPORT: 'Psychological support.',
  EQUIPMENT: 'Tools and material: sandbags, pumps, tarpaulins, cleaning.',
  ANIMALS: 'Animals are taken in.',
  DONATIONS: 'Donations are collected: see what is wanted.',
});
export const AidStatusEnum = graphqlEnum('AidStatus', SEEN_STATUSES, 'Whether a place takes people in.', {
  OPEN: 'It takes people in.',
  FULL: 'It takes no more people in.',
  CLOSED: 'It is closed.',
});
export const WheelchairEnum = graphqlEnum(
  'WheelchairAccess',
  API_WHEELCHAIR.words,
  'Whether a place can be used in a wheelchair.',
  {
    ACCESSIBLE: 'Entrance, rooms and toilets.',
    LIMITED: 'In part, or with help.',
    INACCESSIBLE: 'Not at all.',
  },
);

@ObjectType('AidObservation', {
  description: 'What was seen of a place, and when: a count never stands without its time.',
})
export class AidObservationType {
  @Field(() => AidStatusEnum, { description: 'Whether it takes people in.' })
  status!: string;
  @Field(() => DateTimeScalar, { description: 'When it was seen.' })
  observedAt!: string;
  @Field(() => Int, { nullable: true, description: 'Free places at that time; null where they were not counted.' })
  freePlaces!: number | null;
  @Field(() => String, { nullable: true, description: 'A remark; null where there is none.' })
  note!: string | null;
}

@ObjectType('AidPointPublication', {
  implements: PublicationType,
  description: 'A place where people whom a disaster struck find help, and what it needs of others.',
})
export class AidPointType extends PublicationType {
  @Field(() => [PurposeEnum], { description: 'The needs that it answers; at least one.' })
  purposes!: Purpose[];
  @Field(() => String, { description: 'The name of the place.' })
  place!: string;
  @Field(() => String, { description: 'Its street address.' })
  address!: string;
  @Field(() => CommuneType, {
    nullable: true,
    description: 'The commune of its address; null where that is no longer one.',
  })
  addressCommune!: CommuneType | null;
  @Field(() => GeoJSONScalar, { description: 'A Point: the entrance.' })
  point!: Point;
  @Field(() => WheelchairEnum, { nullable: true, description: 'Access in a wheelchair; null where it is not known.' })
  wheelchair!: string | null;
  @Field(() => Int, { nullable: true, description: 'How many people it takes in; null where places are not counted.' })
  capacity!: number | null;
  @Field(() => AidObservationType, {
    nullable: true,
    description: 'What was last seen there; null where nobody has looked yet.',
  })
  observed!: AidObservationType | null;
}

@InputType('AidPointDetailsInput', { description: 'How to use a place, in one language: plain text.' })
export class AidPointDetailsInput {
  @Field(() => LanguageTagScalar, { description: 'BCP 47 language tag; fr-FR is always among them.' })
  language!: string;
  @Field(() => String, { nullable: true, description: 'When it is open, day by day.' })
  openingHours!: string | null;
  @Field(() => String, { nullable: true, description: 'The people it is for. Null: everybody.' })
  audience!: string | null;
  @Field(() => String, { nullable: true, description: 'How people with a disability get in and around.' })
  accessibility!: string | null;
  @Field(() => [String], { nullable: true, description: 'Donations that are wanted, one line each.' })
  wanted!: string[] | null;
  @Field(() => [String], { nullable: true, description: 'Donations that are no longer wanted, one line each.' })
  unwanted!: string[] | null;
}

@InputType('AidPointInput', { description: 'The content of an aid point; its area follows from its place.' })
export class AidPointInput {
  @Field(() => [PurposeEnum], { description: 'The needs that it answers; at least one, each once.' })
  purposes!: Purpose[];
  @Field(() => String, { description: 'The name of the place.' })
  place!: string;
  @Field(() => String, { description: 'Its street address, at most 300 characters.' })
  address!: string;
  @Field(() => CommuneCodeScalar, { description: 'The INSEE code of its commune.' })
  commune!: string;
  @Field(() => GeoJSONScalar, { description: 'A Point: the entrance, in the commune or within 2 km of it.' })
  point!: Point;
  @Field(() => WheelchairEnum, { nullable: true, description: 'Access in a wheelchair. Null: not known.' })
  wheelchair!: string | null;
  @Field(() => Int, { nullable: true, description: 'How many people it takes in, from 1. Null: not counted.' })
  capacity!: number | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it opens. Null: at its publication.' })
  startsAt!: string | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it closes for good. Null: not known.' })
  endsAt!: string | null;
  @Field(() => [PublicationTextInput], { description: 'French (fr-FR) is always among them.' })
  texts!: PublicationTextInput[];
  @Field(() => [AidPointDetailsInput], { description: 'French (fr-FR) is always among them.' })
  details!: AidPointDetailsInput[];
  @Field(() => ID, { nullable: true, description: 'The incident that it belongs to.' })
  incidentId!: string | null;
  @Field(() => ModeEnum, { defaultValue: 'ACTUAL', description: 'Whether it is real, an exercise or a test.' })
  mode!: Mode;
  @Field(() => PublicationSourceInput, { nullable: true, description: 'Null: the Département itself.' })
  source!: PublicationSourceInput | null;
}

@ArgsType()
export class ObserveAidPointArguments extends ObserveArguments {
  @Field(() => AidStatusEnum, { description: 'Whether it takes people in.' })
  status!: (typeof SEEN_STATUSES)[number];
  @Field(() => Int, {
    nullable: true,
    description: 'Free places, at most the capacity; 0 or null where it takes nobody. Null: not counted.',
  })
  freePlaces!: number | null;
}
