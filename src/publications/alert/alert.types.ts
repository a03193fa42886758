import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { CursorScalar, DateTimeScalar } from '../../graphql/scalars.ts';
import {
  CategoryEnum,
  CertaintyEnum,
  ModeEnum,
  ResponseTypeEnum,
  SeverityEnum,
  UrgencyEnum,
  VigilanceColourEnum,
} from '../enum.types.ts';
import { AreaInput, SourceInput, TextInput } from '../input.types.ts';
import { PageInfoType, PublicationType } from '../publication.types.ts';
import type { Mode, Severity, VigilanceColour } from '../vocabulary.ts';
import type { AlertDocument } from './alert.content.ts';

@ObjectType('Hazard', { description: 'A hazard, by its OASIS Event Terms code.' })
export class HazardType {
  @Field(() => String, { description: 'OASIS Event Terms code, such as OET-081 for a flood.' })
  code!: string;
}

@ObjectType('Alert', { implements: PublicationType, description: 'A danger, in the terms of CAP 1.2.' })
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
  @Field(() => DateTimeScalar, { nullable: true, description: 'When the danger begins; null: it is there already.' })
  onsetAt!: string | null;
  @Field(() => DateTimeScalar, { description: 'When the alert ends, unless it is renewed.' })
  expiresAt!: string;
  @Field(() => String, { nullable: true, description: 'An address to read more at; null where there is none.' })
  web!: string | null;
  @Field(() => String, { nullable: true, description: 'A contact for questions; null where none is given.' })
  contact!: string | null;
  @Field(() => String, { description: 'The CAP identifier of the message that published the revision shown.' })
  capIdentifier!: string;
  @Field(() => String, { description: 'The address of that immutable CAP 1.2 message.' })
  capUrl!: string;
}

@ObjectType('AlertConnection', { description: 'A page of alerts, gravest first.' })
export class AlertConnectionType {
  @Field(() => [AlertType], { description: 'The alerts of this page.' })
  nodes!: AlertDocument[];
  @Field(() => PageInfoType, { description: 'Whether the list goes on.' })
  pageInfo!: PageInfoType;
  @Field(() => Int, { description: 'How many match in all.' })
  totalCount!: number;
  @Field(() => CursorScalar, { description: 'The position in the journal that this answer shows: follow after it.' })
  asOf!: string;
}

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
  onsetAt!: string | null;
  @Field(() => DateTimeScalar, { description: 'At most 7 days ahead; 24 hours when EXTREME.' })
  expiresAt!: string;
  @Field(() => [TextInput], { description: 'French (fr-FR) is always among them.' })
  texts!: TextInput[];
  @Field(() => [AreaInput], { description: 'At least one.' })
  areas!: AreaInput[];
  @Field(() => String, { nullable: true, description: 'An absolute http or https address.' })
  web!: string | null;
  @Field(() => String, { nullable: true, description: 'A contact for questions of the public.' })
  contact!: string | null;
  @Field(() => [ID], { nullable: true, description: 'Publications of kind ADVICE to show with it.' })
  adviceIds!: string[] | null;
  @Field(() => [ID], { nullable: true, description: 'The reports that it rests on.' })
  reportIds!: string[] | null;
  @Field(() => ID, { nullable: true, description: 'The incident that it belongs to.' })
  incidentId!: string | null;
  @Field(() => ModeEnum, { defaultValue: 'ACTUAL', description: 'Whether it is real, an exercise or a test.' })
  mode!: Mode;
  @Field(() => SourceInput, { nullable: true, description: 'Null: the Département itself.' })
  source!: SourceInput | null;
}
