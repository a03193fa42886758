import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { CommuneCodeScalar, DateTimeScalar, GeoJSONScalar } from '../../graphql/scalars.ts';
import { CommuneType } from '../../territory/commune.types.ts';
import type { GeoJsonGeometry } from '../../territory/geometry.rules.ts';
import { graphqlEnum, ModeEnum } from '../enum.types.ts';
import { PublicationAreaInput, PublicationSourceInput, PublicationTextInput } from '../input.types.ts';
import { PublicationType } from '../publication.types.ts';
import type { Mode } from '../vocabulary.ts';
import { EVENT_STATUSES } from './event.content.ts';

export const EventStatusEnum = graphqlEnum('EventStatus', EVENT_STATUSES, 'Whether an event takes place as planned.', {
  SCHEDULED: 'As planned.',
  POSTPONED: 'Later, at a time not known yet.',
  RESCHEDULED: 'At the new time given.',
  CANCELLED: 'It does not take place.',
});

@ObjectType('Passage', { description: 'A time at which an event passes a place.' })
export class PassageType {
  @Field(() => String, {
    description: 'Names it within its event, in every revision: whatever becomes of its label, its place or its time.',
  })
  key!: string;
  @Field(() => String, { description: 'The place in words.' })
  label!: string;
  @Field(() => CommuneType, { nullable: true, description: 'The commune; null where none is named.' })
  commune!: CommuneType | null;
  @Field(() => DateTimeScalar, { description: 'The earliest time expected.' })
  expectedFrom!: string;
  @Field(() => DateTimeScalar, { nullable: true, description: 'The latest time expected; null where it is not known.' })
  expectedTo!: string | null;
  @Field(() => GeoJSONScalar, { nullable: true, description: 'The place or the stretch; null where it is not drawn.' })
  geometry!: GeoJsonGeometry | null;
}

@ObjectType('EventPublication', { implements: PublicationType, description: 'A public happening and its passages.' })
export class EventType extends PublicationType {
  @Field(() => EventStatusEnum, { description: 'Whether it takes place as planned.' })
  eventStatus!: string;
  @Field(() => String, { nullable: true, description: 'The organiser; null where none is given.' })
  organiser!: string | null;
  @Field(() => [PassageType], { description: 'The places that it passes, in order of time.' })
  passages!: PassageType[];
}

@InputType('PassageInput', { description: 'A time at which an event passes a place.' })
export class PassageInput {
  @Field(() => String, {
    nullable: true,
    description:
      'Its `Passage.key`, in a revision. Left out: it is known again by its label, its commune and its time, or it is new.',
  })
  key?: string | null;
  @Field(() => String, { description: 'The place in words.' })
  label!: string;
  @Field(() => CommuneCodeScalar, { nullable: true, description: 'The INSEE code of the commune.' })
  commune!: string | null;
  @Field(() => DateTimeScalar, { description: 'The earliest time expected.' })
  expectedFrom!: string;
  @Field(() => DateTimeScalar, { nullable: true, description: 'The latest time expected.' })
  expectedTo!: string | null;
  @Field(() => GeoJSONScalar, { nullable: true, description: 'The place or the stretch.' })
  geometry!: GeoJsonGeometry | null;
}

@InputType('EventInput', { description: 'The content of an event.' })
export class EventInput {
  @Field(() => [PublicationTextInput], { description: 'French (fr-FR) is always among them.' })
  texts!: PublicationTextInput[];
  @Field(() => [PublicationAreaInput], { description: 'At least one.' })
  areas!: PublicationAreaInput[];
  @Field(() => DateTimeScalar, { description: 'When it begins.' })
  startsAt!: string;
  @Field(() => DateTimeScalar, { description: 'When it ends; after startsAt.' })
  endsAt!: string;
  @Field(() => EventStatusEnum, { defaultValue: 'SCHEDULED', description: 'Whether it takes place as planned.' })
  eventStatus!: string;
  @Field(() => String, { nullable: true, description: 'The organiser.' })
  organiser!: string | null;
  @Field(() => [PassageInput], { nullable: true, description: 'The places that it passes, with times.' })
  passages!: PassageInput[] | null;
  @Field(() => ID, { nullable: true, description: 'The incident that it belongs to.' })
  incidentId!: string | null;
  @Field(() => ModeEnum, { defaultValue: 'ACTUAL', description: 'Whether it is real, an exercise or a test.' })
  mode!: Mode;
  @Field(() => PublicationSourceInput, { nullable: true, description: 'Null: the Département itself.' })
  source!: PublicationSourceInput | null;
}
