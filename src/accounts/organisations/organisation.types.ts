import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { DirectNumber, OrganisationKind } from '../../access/organisations/organisation.rules.ts';
import { OrganisationKindEnum } from '../../access/organisations/organisation.types.ts';
import { DateTimeScalar } from '../../graphql/scalars.ts';
import { connectionOf } from '../../paging/connection.types.ts';
import type { OrganisationView } from './organisation.queries.ts';

@ObjectType('DirectNumber', { description: 'A number at which staff reach an organisation directly; never public.' })
export class DirectNumberType implements DirectNumber {
  @Field(() => String, { description: 'Whose it is: a control room, somebody on duty.' })
  label!: string;
  @Field(() => String, { description: 'The number.' })
  number!: string;
  @Field(() => DateTimeScalar, { description: 'When somebody called it last, and was answered.' })
  checkedAt!: string;
}

@InputType('DirectNumberInput', { description: 'A number at which staff reach an organisation directly.' })
export class DirectNumberInput implements DirectNumber {
  @Field(() => String, { description: 'Whose it is, at most 60 characters.' })
  label!: string;
  @Field(() => String, { description: 'Digits, blanks and dots; a plus sign may stand before them.' })
  number!: string;
  @Field(() => DateTimeScalar, { description: 'When somebody called it last, and was answered; not in the future.' })
  checkedAt!: string;
}

@ObjectType('Organisation', {
  description: 'An organisation to which accounts belong, as it is called now. Staff only.',
})
export class OrganisationType implements OrganisationView {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Field(() => Int, { description: 'Grows with each mutation; send it with the next.' })
  version!: number;
  @Field(() => OrganisationKindEnum, { description: 'The kind of organisation; it never changes.' })
  kind!: OrganisationKind;
  @Field(() => String, { description: 'Its whole name, such as “Département de l’Essonne”.' })
  name!: string;
  @Field(() => String, { description: 'Its name where there is little room.' })
  shortName!: string;
  @Field(() => DateTimeScalar, { nullable: true, description: 'Since when it is closed; null while it is open.' })
  endedAt!: string | null;
}

export const OrganisationConnectionType = connectionOf('Organisation', () => OrganisationType, {
  description: 'A page of organisations, by name.',
  nodes: 'The organisations of this page.',
});
