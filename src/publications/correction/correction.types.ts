import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { graphqlEnum, ModeEnum } from '../enum.types.ts';
import { EvidenceInput, PublicEvidenceType } from '../evidence.types.ts';
import { PublicationAreaInput, PublicationTextInput } from '../input.types.ts';
import { PublicationType } from '../publication.types.ts';
import type { Mode } from '../vocabulary.ts';
import { API_VERDICTS } from './correction.content.ts';

export const VerdictEnum = graphqlEnum('Verdict', API_VERDICTS.words, 'A verdict on a claim.', {
  ACCURATE: 'True.',
  MOSTLY_ACCURATE: 'True but for details.',
  PARTLY_ACCURATE: 'True in part.',
  MISLEADING: 'True facts, presented so that they mislead.',
  INACCURATE: 'Not true.',
  UNVERIFIABLE: 'It cannot be checked.',
  OUTDATED: 'It was true, and is no longer.',
  OUT_OF_CONTEXT: 'True, but of another place or time.',
  SATIRE: 'Meant as a joke.',
});

@ObjectType('CorrectionPublication', { implements: PublicationType, description: 'The published answer to a rumour.' })
export class CorrectionType extends PublicationType {
  @Field(() => String, { description: 'The claim, as people spread it.' })
  claim!: string;
  @Field(() => VerdictEnum, { description: 'The verdict on the claim.' })
  verdict!: string;
  @Field(() => String, { description: 'The reason.' })
  explanation!: string;
  @Field(() => [PublicEvidenceType], { description: 'The evidence that the verdict rests on.' })
  evidence!: PublicEvidenceType[];
}

@InputType('CorrectionInput', { description: 'The content of a correction.' })
export class CorrectionInput {
  @Field(() => String, { description: 'The claim, as people spread it.' })
  claim!: string;
  @Field(() => VerdictEnum, { description: 'The verdict on the claim.' })
  verdict!: string;
  @Field(() => String, { description: 'The reason.' })
  explanation!: string;
  @Field(() => [EvidenceInput], { description: 'At least one.' })
  evidence!: EvidenceInput[];
  @Field(() => [PublicationTextInput], { description: 'French (fr-FR) is always among them.' })
  texts!: PublicationTextInput[];
  @Field(() => [PublicationAreaInput], { nullable: true, description: 'Null: everywhere.' })
  areas!: PublicationAreaInput[] | null;
  @Field(() => [ID], { nullable: true, description: 'The reports that it rests on.' })
  reportIds!: string[] | null;
  @Field(() => ID, { nullable: true, description: 'The incident that it belongs to.' })
  incidentId!: string | null;
  @Field(() => ModeEnum, { defaultValue: 'ACTUAL', description: 'Whether it is real, an exercise or a test.' })
  mode!: Mode;
}
