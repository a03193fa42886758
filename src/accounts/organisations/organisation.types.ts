import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { OrganisationKind } from '../../access/organisations/organisation.rules.ts';
import { OrganisationKindEnum } from '../../access/organisations/organisation.types.ts';
import { DateTimeScalar } from '../../graphql/scalars.ts';
import { connectionOf } from '../../paging/connection.types.ts';
import type { OrganisationView } from './organisation.queries.ts';

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
