import { Field, ObjectType } from 'type-graphql';
import { CursorScalar } from '../graphql/scalars.ts';
import { AdviceType } from '../publications/advice/advice.types.ts';
import { AlertType } from '../publications/alert/alert.types.ts';
import { ClosureType } from '../publications/closure/closure.types.ts';
import { CorrectionType } from '../publications/correction/correction.types.ts';
import type {
  AdviceDocument,
  AlertDocument,
  ClosureDocument,
  CorrectionDocument,
  EventDocument,
} from '../publications/document.ts';
import { EventType } from '../publications/event/event.types.ts';
import { CommuneType } from '../territory/commune.types.ts';

@ObjectType('Situation', { description: 'What is in force or to come at one place.' })
export class SituationType {
  @Field(() => CommuneType, { nullable: true, description: 'The commune; null for a point outside the Département.' })
  commune!: CommuneType | null;
  @Field(() => [AlertType], { description: 'Gravest first.' })
  alerts!: AlertDocument[];
  @Field(() => [ClosureType], { description: 'Soonest first.' })
  closures!: ClosureDocument[];
  @Field(() => [EventType], { description: 'Soonest first.' })
  events!: EventDocument[];
  @Field(() => [CorrectionType], { description: 'Answers to rumours here or everywhere, newest first.' })
  corrections!: CorrectionDocument[];
  @Field(() => [AdviceType], {
    description: 'What the alerts show, what was written for the place, and what holds everywhere of the same hazards.',
  })
  advice!: AdviceDocument[];
  @Field(() => CursorScalar, { description: 'The position in the journal that this answer shows: follow after it.' })
  asOf!: string;
  @Field(() => Boolean, { description: 'True while the database cannot be reached: newer news may be missing.' })
  stale!: boolean;
}
