import { Field, InputType, ObjectType } from 'type-graphql';
import { HazardType } from '../alert/alert.types.ts';
import { LanguageTagScalar } from '../content/language.types.ts';
import { graphqlEnum, ModeEnum } from '../enum.types.ts';
import { PublicationAreaInput, PublicationSourceInput, PublicationTextInput } from '../input.types.ts';
import { PublicationType } from '../publication.types.ts';
import type { Mode } from '../vocabulary.ts';
import { PHASES } from './advice.content.ts';

export const PhaseEnum = graphqlEnum('AdvicePhase', PHASES, 'When a piece of advice helps.', {
  BEFORE: 'To be ready.',
  DURING: 'While it lasts.',
  AFTER: 'When it is over.',
});

@ObjectType('AdvicePublication', {
  implements: PublicationType,
  description: 'What to do and what not to do about a hazard.',
})
export class AdviceType extends PublicationType {
  @Field(() => HazardType, { description: 'What it is about.' })
  hazard!: HazardType;
  @Field(() => PhaseEnum, { description: 'When it helps.' })
  phase!: string;
  @Field(() => String, { nullable: true, description: 'The people it is for; null for everybody.' })
  audience!: string | null;
}

@InputType('AdviceItemsInput', { description: 'Dos and don’ts in one language.' })
export class AdviceItemsInput {
  @Field(() => LanguageTagScalar, { description: 'BCP 47 language tag; fr-FR is always among them.' })
  language!: string;
  @Field(() => [String], { description: 'What to do, one line each.' })
  dos!: string[];
  @Field(() => [String], { description: 'What not to do, one line each.' })
  donts!: string[];
}

@InputType('AdviceInput', { description: 'The content of a piece of advice.' })
export class AdviceInput {
  @Field(() => String, { description: 'OASIS Event Terms code, such as OET-081.' })
  hazard!: string;
  @Field(() => PhaseEnum, { description: 'When it helps.' })
  phase!: string;
  @Field(() => String, { nullable: true, description: 'The people it is for; null for everybody.' })
  audience!: string | null;
  @Field(() => [PublicationTextInput], { description: 'French (fr-FR) is always among them.' })
  texts!: PublicationTextInput[];
  @Field(() => [AdviceItemsInput], { description: 'French (fr-FR) is always among them.' })
  items!: AdviceItemsInput[];
  @Field(() => [PublicationAreaInput], { nullable: true, description: 'Null: everywhere.' })
  areas!: PublicationAreaInput[] | null;
  @Field(() => ModeEnum, { defaultValue: 'ACTUAL', description: 'Whether it is real, an exercise or a test.' })
  mode!: Mode;
  @Field(() => PublicationSourceInput, { nullable: true, description: 'Null: the Département itself.' })
  source!: PublicationSourceInput | null;
}
