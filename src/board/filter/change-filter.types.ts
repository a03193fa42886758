import { Field, ID, InputType } from 'type-graphql';
import { CommuneCodeScalar } from '../../graphql/scalars.ts';
import { ModeEnum, PublicationKindEnum, SeverityEnum } from '../../publications/enum.types.ts';
import type { Mode, PublicationKind, Severity } from '../../publications/vocabulary.ts';

@InputType('ChangeFilter', { description: 'Which changes; what is left out does not restrict.' })
export class ChangeFilter {
  @Field(() => [ID], { nullable: true, description: 'Of these publications, by their threads. Not for webhooks.' })
  publications?: string[] | null;
  @Field(() => [ID], { nullable: true, description: 'Of publications of these incidents. Not for webhooks.' })
  incidents?: string[] | null;
  @Field(() => [String], {
    nullable: true,
    description: 'Of publications about these hazards (OASIS Event Terms codes). Not for webhooks.',
  })
  hazards?: string[] | null;
  @Field(() => [PublicationKindEnum], { nullable: true, description: 'Of publications of these kinds.' })
  kinds?: PublicationKind[] | null;
  @Field(() => [CommuneCodeScalar], { nullable: true, description: 'Of publications touching one of these communes.' })
  communes?: string[] | null;
  @Field(() => SeverityEnum, {
    nullable: true,
    description: 'Of alerts at least this grave; other kinds have no severity and pass.',
  })
  severityAtLeast?: Severity | null;
  @Field(() => [ModeEnum], { nullable: true, description: 'Null: ACTUAL alone.' })
  modes?: Mode[] | null;
}
