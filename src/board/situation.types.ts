import { Field, ObjectType } from 'type-graphql';
import { CursorScalar } from '../graphql/scalars.ts';
import type { AdviceDocument } from '../publications/advice/advice.content.ts';
import { AdviceType } from '../publications/advice/advice.types.ts';
import type { AlertDocument } from '../publications/alert/alert.content.ts';
import { AlertType } from '../publications/alert/alert.types.ts';
import type { ClosureDocument } from '../publications/closure/closure.content.ts';
import { ClosureType } from '../publications/closure/closure.types.ts';
import type { CorrectionDocument } from '../publications/correction/correction.content.ts';
import { CorrectionType } from '../publications/correction/correction.types.ts';
import type { EventDocument } from '../publications/event/event.content.ts';
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
    description:
      'The advice shown with the alerts, advice written for the place, and advice that holds everywhere about the same hazards.',
  })
  advice!: AdviceDocument[];
  @Field(() => CursorScalar, { description: 'The position in the journal that this answer shows: follow after it.' })
  asOf!: string;
  @Field(() => Boolean, { description: 'True while the database cannot be reached: newer changes may be missing.' })
  stale!: boolean;
}
