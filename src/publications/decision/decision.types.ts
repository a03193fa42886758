import { Field, InputType, ObjectType } from 'type-graphql';
import { DateTimeScalar, UrlScalar } from '../../graphql/scalars.ts';
import { graphqlEnum } from '../enum.types.ts';
import {
  AUTHORITIES,
  type Authority,
  DECISION_FORMS,
  type OrderCall,
  type PublicDecision,
} from './decision.content.ts';

export const AuthorityEnum = graphqlEnum('DecidingAuthority', AUTHORITIES, 'An authority that may order something.', {
  MAYOR: 'The mayor of a commune.',
  PREFECT: 'The prefect.',
  DEPARTEMENT_PRESIDENT: 'The president of the council of the Département: roads outside of towns.',
  MINISTER: 'A minister.',
  FORCES_ON_SITE: 'Police, gendarmes or firefighters at the place: closures of roads alone.',
});
export const DecisionFormEnum = graphqlEnum('DecisionForm', DECISION_FORMS, 'The form of a decision.', {
  WRITTEN_ACT: 'A written act (arrêté).',
  ORAL_ORDER: 'An order by word of mouth, most often by telephone; the act follows.',
});

@ObjectType('Decision', { description: 'Which authority decided what a publication orders, by which act, and when.' })
export class DecisionType implements PublicDecision {
  @Field(() => AuthorityEnum, {
    nullable: true,
    description: 'The authority; null where a closure from before decisions named it in words alone.',
  })
  authority!: Authority | null;
  @Field(() => String, { description: 'The authority in words: a function, never the name of a person.' })
  by!: string;
  @Field(() => DecisionFormEnum, { description: 'Whether it is written.' })
  form!: PublicDecision['form'];
  @Field(() => String, { nullable: true, description: 'The number or name of the act; null while none is written.' })
  act!: string | null;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was decided; null where a closure from before decisions did not say.',
  })
  decidedAt!: string | null;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When the written act behind an ORAL_ORDER was signed, where that was told without a revision; null while it is awaited, and for every other decision.',
  })
  confirmedAt!: string | null;
  @Field(() => UrlScalar, { nullable: true, description: 'Where it can be read; null where it is not on the web.' })
  url!: string | null;
}

@ObjectType('OrderCall', {
  description: 'How the desk made sure that an order by telephone was the authority’s own. Staff only.',
})
export class OrderCallType implements OrderCall {
  @Field(() => DateTimeScalar, { description: 'When the order was heard.' })
  heardAt!: string;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the authority was called back; null where nobody did.',
  })
  calledBackAt!: string | null;
  @Field(() => String, { nullable: true, description: 'Why nobody called back; null where none is given.' })
  whyNotCalledBack!: string | null;
}

@InputType('OrderCallInput', {
  description: 'How the desk made sure that an order by telephone was the authority’s own. No public answer holds it.',
})
export class OrderCallInput {
  @Field(() => DateTimeScalar, { description: 'When the order was heard.' })
  heardAt!: string;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the authority was called back, at a number that the desk knew before.',
  })
  calledBackAt!: string | null;
  @Field(() => String, { nullable: true, description: 'Why nobody called back.' })
  whyNotCalledBack!: string | null;
}

@InputType('DecisionInput', { description: 'Which authority decided what a publication orders.' })
export class DecisionInput {
  @Field(() => AuthorityEnum, { description: 'The authority.' })
  authority!: Authority;
  @Field(() => String, {
    description: 'In words, such as « Le maire de Longjumeau »: a function, no name of a person.',
  })
  by!: string;
  @Field(() => DecisionFormEnum, { description: 'Whether it is written.' })
  form!: string;
  @Field(() => String, {
    nullable: true,
    description: 'The number or name of the act; the linter asks for it of a WRITTEN_ACT.',
  })
  act!: string | null;
  @Field(() => DateTimeScalar, { description: 'When it was decided; not in the future.' })
  decidedAt!: string;
  @Field(() => UrlScalar, { nullable: true, description: 'Where it can be read.' })
  url!: string | null;
  @Field(() => OrderCallInput, {
    nullable: true,
    description: 'For an ORAL_ORDER: the linter asks when the authority was called back, or why nobody did.',
  })
  call!: OrderCallInput | null;
}
