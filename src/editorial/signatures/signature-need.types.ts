import { Field, Int, ObjectType } from 'type-graphql';
import type { OrganisationKind } from '../../access/organisations/organisation.rules.ts';
import { OrganisationKindEnum } from '../../access/organisations/organisation.types.ts';
import type { SignatureNeed } from './needs.rules.ts';

@ObjectType('SignatureNeed', { description: 'That so many people of one of these kinds of organisation sign.' })
export class SignatureNeedType implements SignatureNeed {
  @Field(() => [OrganisationKindEnum], { description: 'The kinds of organisation: one of them each time.' })
  anyOf!: OrganisationKind[];
  @Field(() => Int, { description: 'How many people, 1 to 9; of what is missing, how many more.' })
  count!: number;
}
