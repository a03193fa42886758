import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { AccountType } from '../../access/account.types.ts';
import type { OrganisationKind } from '../../access/organisations/organisation.rules.ts';
import { OrganisationKindEnum } from '../../access/organisations/organisation.types.ts';
import { DateTimeScalar } from '../../graphql/scalars.ts';
import { connectionOf } from '../../paging/connection.types.ts';
import { ResponseTypeEnum } from '../../publications/alert/alert.types.ts';
import { graphqlEnum, PublicationKindEnum, SeverityEnum } from '../../publications/enum.types.ts';
import type { PublicationKind, Severity } from '../../publications/vocabulary.ts';
import { SIGNATURE_RULE_STATES, type SignatureNeed, type SignatureRuleState } from './needs.rules.ts';
import { SignatureNeedType } from './signature-need.types.ts';
import type { SignatureRuleView } from './signature-rule.queries.ts';

export const SignatureRuleStateEnum = graphqlEnum(
  'SignatureRuleState',
  SIGNATURE_RULE_STATES,
  'Whether a rule of signature holds.',
  {
    PROPOSED: 'One ADMIN proposed it; it asks for nothing until another one puts it in force.',
    IN_FORCE: 'What it speaks of is not published without its signatures, but urgently.',
    ENDED: 'It asks for nothing any more, or never did.',
  },
);

@ObjectType('SignatureRule', {
  description: 'Which organisations must sign what is published, by kind and gravity. It never changes. Staff only.',
})
export class SignatureRuleType implements SignatureRuleView {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Field(() => Int, { description: 'Grows with each mutation; send it with the next.' })
  version!: number;
  @Field(() => String, { description: 'What it is for, in French.' })
  name!: string;
  @Field(() => [PublicationKindEnum], { description: 'The kinds of publication that it speaks of.' })
  kinds!: PublicationKind[];
  @Field(() => SeverityEnum, { nullable: true, description: 'Of those that are at least so grave; null: of all.' })
  severityAtLeast!: Severity | null;
  @Field(() => [ResponseTypeEnum], {
    description: 'Of those that ask people for one of these; empty: of all.',
  })
  responseTypes!: string[];
  @Field(() => [SignatureNeedType], { description: 'The signatures that it asks for: each of these.' })
  needs!: SignatureNeed[];
  @Field(() => [SignatureNeedType], {
    description:
      'Those that too few people who may approve could give today; while there are any, what it speaks of leaves only urgently.',
  })
  outOfReach!: SignatureNeed[];
  @Field(() => SignatureRuleStateEnum, { description: 'Whether it holds.' })
  state!: SignatureRuleState;
  @Field(() => AccountType, { description: 'The ADMIN who proposed it.' })
  proposedBy!: AccountType;
  @Field(() => DateTimeScalar, { description: 'When it was proposed.' })
  proposedAt!: string;
  @Field(() => AccountType, { nullable: true, description: 'The other ADMIN, who put it in force; null until then.' })
  approvedBy!: AccountType | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'Since when it was in force; null where it never was.' })
  approvedAt!: string | null;
  @Field(() => AccountType, {
    nullable: true,
    description: 'The ADMIN who asked for the end of a rule in force, which another one ends; null where nobody did.',
  })
  endAskedBy!: AccountType | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When that was asked for.' })
  endAskedAt!: string | null;
  @Field(() => AccountType, { nullable: true, description: 'The ADMIN who ended it; null until then.' })
  endedBy!: AccountType | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was ended; null until then.' })
  endedAt!: string | null;
}

@InputType('SignatureNeedInput', { description: 'That so many people of one of these kinds of organisation sign.' })
export class SignatureNeedInput implements SignatureNeed {
  @Field(() => [OrganisationKindEnum], { description: 'At least one kind of organisation.' })
  anyOf!: OrganisationKind[];
  @Field(() => Int, { defaultValue: 1, description: 'How many people, 1 to 9.' })
  count!: number;
}

@InputType('SignatureRuleInput', { description: 'A rule of signature.' })
export class SignatureRuleInput {
  @Field(() => String, { description: 'What it is for, at most 200 characters.' })
  name!: string;
  @Field(() => [PublicationKindEnum], { description: 'The kinds that it speaks of, at least one.' })
  kinds!: PublicationKind[];
  @Field(() => SeverityEnum, { nullable: true, description: 'The least severity; of alerts alone. Null asks of all.' })
  severityAtLeast!: Severity | null;
  @Field(() => [ResponseTypeEnum], {
    nullable: true,
    description: 'That people are asked for one of these; of alerts alone. None asks of all.',
  })
  responseTypes!: string[] | null;
  @Field(() => [SignatureNeedInput], { description: 'The signatures that it asks for, 1 to 10: each of these.' })
  needs!: SignatureNeedInput[];
}

export const SignatureRuleConnectionType = connectionOf('SignatureRule', () => SignatureRuleType, {
  description: 'A page of rules of signature, those proposed last first.',
  nodes: 'The rules of this page.',
});
