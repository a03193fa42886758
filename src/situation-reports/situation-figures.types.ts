import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { DutyFunction } from '../duty/duty.rules.ts';
import { DutyFunctionEnum } from '../duty/duty.types.ts';
import type { IncidentLevel } from '../editorial/incidents/incident.rules.ts';
import { IncidentLevelEnum } from '../editorial/incidents/incident-file.types.ts';
import { DateTimeScalar } from '../graphql/scalars.ts';
import { PublicationKindEnum, PublicStateEnum, SeverityEnum } from '../publications/enum.types.ts';
import type { PublicationKind, PublicState, Severity } from '../publications/vocabulary.ts';
import type { ReportState } from '../reports/report.rules.ts';
import { ReportStateEnum } from '../reports/report.types.ts';
import type {
  CountInForce,
  CountOfClosures,
  CountOfQuestions,
  InForceHeadline,
  SituationFigures,
} from './situation-figures.ts';

const GRAVITY = { nullable: true, description: 'Their gravity; null for kinds that have none.' };
const COUNT = { description: 'How many.' };

@ObjectType('CountInForce', { description: 'How many publications of one kind and gravity are in force.' })
export class CountInForceType implements CountInForce {
  @Field(() => PublicationKindEnum, { description: 'Their kind.' })
  kind!: PublicationKind;
  @Field(() => SeverityEnum, GRAVITY)
  severity!: Severity | null;
  @Field(() => Int, COUNT)
  count!: number;
}

@ObjectType('InForceHeadline', { description: 'A publication that is in force, as a situation report lists it.' })
export class InForceHeadlineType implements InForceHeadline {
  @Field(() => ID, { description: 'The thread.' })
  thread!: string;
  @Field(() => PublicationKindEnum, { description: 'Its kind.' })
  kind!: PublicationKind;
  @Field(() => SeverityEnum, { nullable: true, description: 'Its gravity; null for a kind that has none.' })
  severity!: Severity | null;
  @Field(() => String, { description: 'Its headline, in French.' })
  headline!: string;
}

@ObjectType('CountOfClosures', { description: 'Closed roads, as they were planned and as they were seen.' })
export class CountOfClosuresType implements CountOfClosures {
  @Field(() => Int, { description: 'In force by their windows.' })
  planned!: number;
  @Field(() => Int, { description: 'Of these, last seen in place.' })
  inPlace!: number;
  @Field(() => Int, { description: 'Of these, last seen not begun.' })
  notStarted!: number;
  @Field(() => Int, { description: 'Of these, last seen open again.' })
  reopened!: number;
  @Field(() => Int, { description: 'Of these, seen by nobody yet.' })
  unseen!: number;
}

@ObjectType('CountOfReports', { description: 'How many reports stand at one state.' })
export class CountOfReportsType {
  @Field(() => ReportStateEnum, { description: 'The state.' })
  state!: ReportState;
  @Field(() => Int, COUNT)
  count!: number;
}

@ObjectType('CountOfCorrections', { description: 'How many corrections of rumours stand at one state.' })
export class CountOfCorrectionsType {
  @Field(() => PublicStateEnum, { description: 'The state.' })
  state!: PublicState;
  @Field(() => Int, COUNT)
  count!: number;
}

@ObjectType('CountOfQuestions', {
  description: 'Groups of questions that are asked about an incident, by where they stand.',
})
export class CountOfQuestionsType implements CountOfQuestions {
  @Field(() => Int, { description: 'Nobody has answered them.' })
  unanswered!: number;
  @Field(() => Int, { description: 'A publication answers them.' })
  answered!: number;
  @Field(() => Int, { description: 'Of these, the answer has changed since it was given, is over or was withdrawn.' })
  outdated!: number;
  @Field(() => Int, { description: 'Sent on to another organisation.' })
  redirected!: number;
  @Field(() => Int, {
    description: 'Questions of the whole desk that are open and that nobody has grouped, whichever the incident.',
  })
  toGroup!: number;
}

@ObjectType('CountOnDuty', { description: 'How many people have a function of the crisis cell.' })
export class CountOnDutyType {
  @Field(() => DutyFunctionEnum, { description: 'The function.' })
  dutyFunction!: DutyFunction;
  @Field(() => Int, COUNT)
  count!: number;
}

@ObjectType('SituationFigures', {
  description:
    'What the hub counts of an incident at one moment: nobody types any of it. Publications are those of the incident, of its mode. A figure that is added one day is null in reports that were frozen before.',
})
export class SituationFiguresType implements SituationFigures {
  @Field(() => IncidentLevelEnum, { description: 'The level of the crisis cell.' })
  level!: IncidentLevel;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'The `asOf` of the report of the number before, since which `published`, `changed` and `ended` count; null for the first, which counts from the opening.',
  })
  since!: string | null;
  @Field(() => [CountInForceType], { description: 'What is in force, by kind and gravity.' })
  inForce!: CountInForce[];
  @Field(() => Int, { description: 'Publications whose start lies ahead.' })
  upcoming!: number;
  @Field(() => Int, { description: 'Publications that became public.' })
  published!: number;
  @Field(() => Int, { description: 'Publications that were public before, and have another revision.' })
  changed!: number;
  @Field(() => Int, { description: 'Publications that ended or were cancelled.' })
  ended!: number;
  @Field(() => [InForceHeadlineType], { description: 'The gravest of what is in force, at most 8.' })
  gravest!: InForceHeadline[];
  @Field(() => [String], { description: 'The communes that what is in force touches, by name.' })
  communeNames!: string[];
  @Field(() => Int, {
    nullable: true,
    description: 'The inhabitants of these communes; null where the number of one is not known.',
  })
  inhabitants!: number | null;
  @Field(() => CountOfClosuresType, { description: 'Closed roads.' })
  closures!: CountOfClosures;
  @Field(() => [CountOfReportsType], {
    description: 'Reports that dossiers of the incident rest on, public or in hand, by state.',
  })
  reports!: CountOfReportsType[];
  @Field(() => Int, {
    description: 'Reports of the whole desk that are NEW or CLAIMED and ask nothing, whichever the incident.',
  })
  reportsToCheck!: number;
  @Field(() => CountOfQuestionsType, {
    nullable: true,
    description: 'Questions of citizens; null in reports that were frozen before the hub counted them.',
  })
  questions?: CountOfQuestions;
  @Field(() => [CountOfCorrectionsType], { description: 'Corrections of rumours that were published, by state.' })
  corrections!: CountOfCorrectionsType[];
  @Field(() => [String], { description: 'Watched feeds that are active and whose last reading went wrong, by name.' })
  sourcesAtFault!: string[];
  @Field(() => [CountOnDutyType], { description: 'The people on duty for the incident, by function.' })
  onDuty!: CountOnDutyType[];
}
