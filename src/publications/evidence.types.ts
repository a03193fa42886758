import { Field, InputType, ObjectType } from 'type-graphql';
import { UrlScalar } from '../graphql/scalars.ts';

@ObjectType('PublicEvidence', { description: 'Something that a judgement rests on, and that everybody can look up.' })
export class PublicEvidenceType {
  @Field(() => String, { description: 'What it is, in words.' })
  label!: string;
  @Field(() => UrlScalar, { description: 'Its address.' })
  url!: string;
  @Field(() => Boolean, { description: 'True for an official source: the State, a commune, an operator of a network.' })
  official!: boolean;
}

@InputType('EvidenceInput', { description: 'Something that a judgement rests on.' })
export class EvidenceInput {
  @Field(() => String, { description: 'What it is, in words; plain text.' })
  label!: string;
  @Field(() => UrlScalar, { description: 'Its absolute http or https address.' })
  url!: string;
  @Field(() => Boolean, { defaultValue: false, description: 'True for an official source.' })
  official!: boolean;
  @Field(() => String, {
    nullable: true,
    description:
      'Sources that draw on the same origin share a group. A source without a group is not counted as independent.',
  })
  independenceGroup!: string | null;
}
