import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { CommuneCodeScalar, DateTimeScalar, GeoJSONScalar, UrlScalar } from '../../graphql/scalars.ts';
import { CommuneType } from '../../territory/commune.types.ts';
import type { GeoJsonGeometry } from '../../territory/geometry.rules.ts';
import type { PublicDecision } from '../decision/decision.content.ts';
import { DecisionInput, DecisionType } from '../decision/decision.types.ts';
import { graphqlEnum, ModeEnum } from '../enum.types.ts';
import { ObserveArguments, PublicationSourceInput, PublicationTextInput } from '../input.types.ts';
import { PublicationType } from '../publication.types.ts';
import type { Mode } from '../vocabulary.ts';
import { DIRECTIONS, RESTRICTIONS, SEEN_STATES } from './closure.content.ts';

export const RestrictionEnum = graphqlEnum('ClosureRestriction', RESTRICTIONS, 'What a closure forbids.', {
  CLOSED: 'Nobody may pass.',
  LANES_CLOSED: 'Some lanes are closed.',
  ALTERNATING: 'One direction at a time.',
  LOCAL_ACCESS_ONLY: 'Residents and deliveries only.',
  PARKING_BAN: 'No parking; traffic passes.',
});
export const DirectionEnum = graphqlEnum('ClosureDirection', DIRECTIONS, 'Which way is closed.', {
  ONE_DIRECTION: 'The direction in which the path is drawn.',
  BOTH_DIRECTIONS: 'Both.',
});
export const ObservedStateEnum = graphqlEnum('ObservedState', SEEN_STATES, 'What was seen on the ground.', {
  NOT_STARTED: 'The road is still open.',
  IN_PLACE: 'The closure is in place.',
  REOPENED: 'The road is open again.',
});

@ObjectType('Road', { description: 'A road, by its names.' })
export class RoadType {
  @Field(() => String, { description: 'Its name in words.' })
  name!: string;
  @Field(() => String, { nullable: true, description: 'Its number, such as D31; null where it has none.' })
  number!: string | null;
  @Field(() => CommuneType, { nullable: true, description: 'The commune meant; null where none is named.' })
  commune!: CommuneType | null;
}

@ObjectType('ClosureObservation', { description: 'What was seen on the ground, apart from what was planned.' })
export class ObservationType {
  @Field(() => ObservedStateEnum, { description: 'What was seen.' })
  state!: string;
  @Field(() => DateTimeScalar, { description: 'When it was seen.' })
  observedAt!: string;
  @Field(() => String, { nullable: true, description: 'A remark; null where there is none.' })
  note!: string | null;
}

@ObjectType('Detour', { description: 'The way round.' })
export class DetourType {
  @Field(() => String, { description: 'The way in words.' })
  text!: string;
  @Field(() => GeoJSONScalar, { nullable: true, description: 'Its line; null where it is not drawn.' })
  path!: GeoJsonGeometry | null;
}

@ObjectType('CrossingPoint', { description: 'A place where the closed road can be crossed.' })
export class CrossingPointType {
  @Field(() => String, { description: 'The place in words.' })
  label!: string;
  @Field(() => GeoJSONScalar, { description: 'A Point.' })
  point!: GeoJsonGeometry;
}

@ObjectType('LegalOrder', { description: 'The order (arrêté) that the closure rests on.' })
export class LegalOrderType {
  @Field(() => String, { description: 'Its number.' })
  number!: string;
  @Field(() => String, { description: 'The authority that issued it.' })
  authority!: string;
  @Field(() => UrlScalar, { nullable: true, description: 'Where it can be read; null where it is not on the web.' })
  url!: string | null;
}

@ObjectType('ClosurePublication', { implements: PublicationType, description: 'A closed or restricted road.' })
export class ClosureType extends PublicationType {
  @Field(() => [RoadType], { description: 'The roads concerned.' })
  roads!: RoadType[];
  @Field(() => GeoJSONScalar, { description: 'LineString or MultiLineString, in the direction of traffic.' })
  path!: GeoJsonGeometry;
  @Field(() => DirectionEnum, { description: 'Which way is closed.' })
  direction!: string;
  @Field(() => RestrictionEnum, { description: 'What is forbidden.' })
  restriction!: string;
  @Field(() => String, { nullable: true, description: 'The reason; null where none is given.' })
  cause!: string | null;
  @Field(() => ObservationType, {
    nullable: true,
    description: 'What was last seen on the ground; null where nobody has looked yet.',
  })
  observed!: ObservationType | null;
  @Field(() => DetourType, { nullable: true, description: 'The way round; null where none is signposted.' })
  detour!: DetourType | null;
  @Field(() => [CrossingPointType], { description: 'Where the closed road can be crossed.' })
  crossingPoints!: CrossingPointType[];
  @Field(() => LegalOrderType, {
    nullable: true,
    description: 'The written order that it rests on, which `decision` says in full; null where there is none.',
  })
  legalOrder!: LegalOrderType | null;
  @Field(() => DecisionType, { nullable: true, description: 'Who decided it; null where none is named.' })
  decision!: PublicDecision | null;
}

@InputType('RoadInput', { description: 'A road, by its names.' })
export class RoadInput {
  @Field(() => String, { description: 'Its name in words.' })
  name!: string;
  @Field(() => String, { nullable: true, description: 'Its number, such as D31.' })
  number!: string | null;
  @Field(() => CommuneCodeScalar, { nullable: true, description: 'The INSEE code of the commune.' })
  commune!: string | null;
}

@InputType('DetourInput', { description: 'The way round.' })
export class DetourInput {
  @Field(() => String, { description: 'The way in words.' })
  text!: string;
  @Field(() => GeoJSONScalar, { nullable: true, description: 'LineString or MultiLineString.' })
  path!: GeoJsonGeometry | null;
}

@InputType('CrossingPointInput', { description: 'A place where the closed road can be crossed.' })
export class CrossingPointInput {
  @Field(() => String, { description: 'The place in words.' })
  label!: string;
  @Field(() => GeoJSONScalar, { description: 'A Point.' })
  point!: GeoJsonGeometry;
}

@InputType('LegalOrderInput', { description: 'The order (arrêté) that the closure rests on.' })
export class LegalOrderInput {
  @Field(() => String, { description: 'Its number.' })
  number!: string;
  @Field(() => String, { description: 'The authority that issued it.' })
  authority!: string;
  @Field(() => UrlScalar, { nullable: true, description: 'Where it can be read.' })
  url!: string | null;
}

@InputType('EventWindowInput', { description: 'How the window of a closure follows from that of its event.' })
export class EventWindowInput {
  @Field(() => Int, { description: 'Minutes before the event begins, 0 to 1,440.' })
  minutesBefore!: number;
  @Field(() => Int, { description: 'Minutes after the event ends, 0 to 1,440.' })
  minutesAfter!: number;
}

@InputType('ClosureInput', { description: 'The content of a road closure; its area follows from its path.' })
export class ClosureInput {
  @Field(() => [RoadInput], { description: 'At least one.' })
  roads!: RoadInput[];
  @Field(() => GeoJSONScalar, { description: 'LineString or MultiLineString, in the direction of traffic.' })
  path!: GeoJsonGeometry;
  @Field(() => DirectionEnum, { description: 'Which way is closed.' })
  direction!: string;
  @Field(() => RestrictionEnum, { description: 'What is forbidden.' })
  restriction!: string;
  @Field(() => String, { nullable: true, description: 'The reason.' })
  cause!: string | null;
  @Field(() => DateTimeScalar, { description: 'When it begins.' })
  startsAt!: string;
  @Field(() => DateTimeScalar, { description: 'When it ends; after startsAt.' })
  endsAt!: string;
  @Field(() => [PublicationTextInput], { description: 'French (fr-FR) is always among them.' })
  texts!: PublicationTextInput[];
  @Field(() => DetourInput, { nullable: true, description: 'The way round.' })
  detour!: DetourInput | null;
  @Field(() => [CrossingPointInput], { nullable: true, description: 'Where the closed road can be crossed.' })
  crossingPoints!: CrossingPointInput[] | null;
  @Field(() => LegalOrderInput, {
    nullable: true,
    description: 'The order that it rests on, from apps that know no `decision`; never both.',
  })
  legalOrder!: LegalOrderInput | null;
  @Field(() => DecisionInput, { nullable: true, description: 'Who decided it.' })
  decision!: DecisionInput | null;
  @Field(() => ID, { nullable: true, description: 'The event that it belongs to.' })
  eventId!: string | null;
  @Field(() => EventWindowInput, {
    nullable: true,
    description:
      'How the window follows from that of the event: when the event is delayed, this rule moves the closure. Null: the closure moves by as many minutes as the event.',
  })
  eventWindow!: EventWindowInput | null;
  @Field(() => ID, { nullable: true, description: 'The incident that it belongs to.' })
  incidentId!: string | null;
  @Field(() => ModeEnum, { defaultValue: 'ACTUAL', description: 'Whether it is real, an exercise or a test.' })
  mode!: Mode;
  @Field(() => PublicationSourceInput, { nullable: true, description: 'Null: the Département itself.' })
  source!: PublicationSourceInput | null;
}

@ArgsType()
export class ObserveClosureArguments extends ObserveArguments {
  @Field(() => ObservedStateEnum, { description: 'What was seen.' })
  state!: (typeof SEEN_STATES)[number];
}
