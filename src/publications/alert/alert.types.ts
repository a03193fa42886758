import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { DateTimeScalar, UrlScalar } from '../../graphql/scalars.ts';
import { connectionOf } from '../../paging/connection.types.ts';
import type { HazardLabel } from '../content/hazards.ts';
import { LanguageTagScalar } from '../content/language.types.ts';
import type { PublicDecision } from '../decision/decision.content.ts';
import { DecisionInput, DecisionType } from '../decision/decision.types.ts';
import {
  CategoryEnum,
  CertaintyEnum,
  graphqlEnum,
  ModeEnum,
  SeverityEnum,
  UrgencyEnum,
  VigilanceColourEnum,
} from '../enum.types.ts';
import { PublicationAreaInput, PublicationSourceInput, PublicationTextInput } from '../input.types.ts';
import { PublicationType } from '../publication.types.ts';
import type { Mode, Severity, VigilanceColour } from '../vocabulary.ts';
import { API_RESPONSES } from './alert.content.ts';

export const ResponseTypeEnum = graphqlEnum(
  'ResponseType',
  API_RESPONSES.words,
  'What people are asked to do (CAP 1.2).',
  {
    SHELTER: 'Take shelter where you are.',
    EVACUATE: 'Leave, as instructed.',
    PREPARE: 'Make preparations.',
    EXECUTE: 'Carry out a planned activity.',
    AVOID: 'Stay away from the danger.',
    MONITOR: 'Keep yourself informed.',
    ASSESS: 'Evaluate the information.',
    ALL_CLEAR: 'The danger is over.',
    NO_ACTION: 'Nothing need be done.',
  },
);

@ObjectType('Hazard', { description: 'A hazard, by its OASIS Event Terms code.' })
export class HazardType {
  @Field(() => String, { description: 'OASIS Event Terms code, such as OET-081 for a flood.' })
  code!: string;
}

@ObjectType('HazardLabel', { description: 'The name of a hazard in one language.' })
export class HazardLabelType implements HazardLabel {
  @Field(() => String, { description: 'The name.' })
  text!: string;
  @Field(() => LanguageTagScalar, { description: 'The language that it is in: French or English.' })
  language!: string;
}

@ObjectType('AlertPublication', { implements: PublicationType, description: 'A danger, in the terms of CAP 1.2.' })
export class AlertType extends PublicationType {
  @Field(() => HazardType, { description: 'The hazard that threatens.' })
  hazard!: HazardType;
  @Field(() => [CategoryEnum], { description: 'At least one.' })
  categories!: string[];
  @Field(() => [ResponseTypeEnum], { description: 'What people are asked to do; may be empty.' })
  responseTypes!: string[];
  @Field(() => UrgencyEnum, { description: 'How soon people should act.' })
  urgency!: string;
  @Field(() => SeverityEnum, { description: 'How grave it is.' })
  severity!: Severity;
  @Field(() => CertaintyEnum, { description: 'How certain it is.' })
  certainty!: string;
  @Field(() => VigilanceColourEnum, { description: 'The colour that goes with the severity.' })
  vigilance!: VigilanceColour;
  @Field(() => UrlScalar, {
    name: 'infoUrl',
    nullable: true,
    description: 'An address to read more at; null where there is none.',
  })
  web!: string | null;
  @Field(() => String, { nullable: true, description: 'A contact for questions; null where none is given.' })
  contact!: string | null;
  @Field(() => DecisionType, { nullable: true, description: 'Who decided what it orders; null where none is named.' })
  decision!: PublicDecision | null;
  @Field(() => String, { description: 'The CAP identifier of the message that published the revision shown.' })
  capIdentifier!: string;
  @Field(() => UrlScalar, { description: 'The address of that immutable CAP 1.2 message.' })
  capUrl!: string;
}

export const AlertConnectionType = connectionOf('AlertPublication', () => AlertType, {
  description: 'A page of alerts, gravest first.',
  nodes: 'The alerts of this page.',
  isPublic: true,
});

@InputType('AlertInput', { description: 'The content of an alert.' })
export class AlertInput {
  @Field(() => String, { description: 'OASIS Event Terms code, such as OET-081.' })
  hazard!: string;
  @Field(() => [CategoryEnum], { description: 'At least one.' })
  categories!: string[];
  @Field(() => [ResponseTypeEnum], { nullable: true, description: 'What people are asked to do.' })
  responseTypes!: string[] | null;
  @Field(() => UrgencyEnum, { description: 'How soon people should act.' })
  urgency!: string;
  @Field(() => SeverityEnum, { description: 'How grave it is.' })
  severity!: string;
  @Field(() => CertaintyEnum, { description: 'How certain it is.' })
  certainty!: string;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When the danger begins; null: it is there already.' })
  startsAt!: string | null;
  @Field(() => DateTimeScalar, { description: 'At most 7 days ahead; 24 hours when EXTREME.' })
  endsAt!: string;
  @Field(() => [PublicationTextInput], { description: 'French (fr-FR) is always among them.' })
  texts!: PublicationTextInput[];
  @Field(() => [PublicationAreaInput], { description: 'At least one.' })
  areas!: PublicationAreaInput[];
  @Field(() => UrlScalar, { nullable: true, description: 'An absolute http or https address.' })
  infoUrl!: string | null;
  @Field(() => String, { nullable: true, description: 'A contact for questions of the public.' })
  contact!: string | null;
  @Field(() => DecisionInput, { nullable: true, description: 'Who decided what it orders.' })
  decision!: DecisionInput | null;
  @Field(() => [ID], { nullable: true, description: 'Publications of kind ADVICE to show with it.' })
  adviceIds!: string[] | null;
  @Field(() => [ID], { nullable: true, description: 'The reports that it rests on.' })
  reportIds!: string[] | null;
  @Field(() => ID, { nullable: true, description: 'The incident that it belongs to.' })
  incidentId!: string | null;
  @Field(() => ModeEnum, { defaultValue: 'ACTUAL', description: 'Whether it is real, an exercise or a test.' })
  mode!: Mode;
  @Field(() => PublicationSourceInput, { nullable: true, description: 'Null: the Département itself.' })
  source!: PublicationSourceInput | null;
}
