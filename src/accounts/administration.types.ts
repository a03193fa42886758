import { Field, Int, ObjectType } from 'type-graphql';
import { AccountType, StaffRoleEnum } from '../access/account.types.ts';
import type { Role } from '../access/actor.ts';
import { DateTimeScalar } from '../graphql/scalars.ts';
import { connectionOf } from '../paging/connection.types.ts';
import type { Administration, RoleRequestView } from './account-views.queries.ts';
import { OrganisationType } from './organisations/organisation.types.ts';

@ObjectType('RoleRequest', {
  description: 'Roles that an ADMIN asked for, and that a second one has not approved yet.',
})
class RoleRequestType implements RoleRequestView {
  @Field(() => [StaffRoleEnum], { description: 'The roles that wait.' })
  roles!: Role[];
  @Field(() => AccountType, { description: 'The ADMIN who asked for them; another one approves.' })
  askedBy!: AccountType;
  @Field(() => DateTimeScalar, { description: 'When.' })
  askedAt!: string;
}

@ObjectType('AccountAdministration', { description: 'What administrators see of an account.' })
export class AdministrationType implements Administration {
  @Field(() => Int, { description: 'Grows with each mutation; send it with the next.' })
  version!: number;
  @Field(() => String, {
    description:
      'The address of the issuer of its tokens; `development` for a persona of development, `key` for a machine with a key, `sealed` for a sealed key, `tocsin` for the hub itself.',
  })
  issuer!: string;
  @Field(() => String, { description: 'The issuer’s own name for the person or the machine.' })
  subject!: string;
  @Field(() => DateTimeScalar, { description: 'When the hub made it.' })
  createdAt!: string;
  @Field(() => DateTimeScalar, { nullable: true, description: 'Since when it may do nothing; null while it may.' })
  disabledAt!: string | null;
  @Field(() => [StaffRoleEnum], {
    nullable: true,
    description:
      'The roles that the hub gave it; null until somebody decides them. They count unless roles come with tokens.',
  })
  roles!: Role[] | null;
  @Field(() => RoleRequestType, {
    nullable: true,
    description: 'Roles that wait for a second ADMIN; null where none do.',
  })
  roleRequest!: RoleRequestType | null;
  @Field(() => OrganisationType, { description: 'The organisation that it belongs to now.' })
  organisation!: OrganisationType;
}

export const AccountConnectionType = connectionOf('Account', () => AccountType, {
  description: 'A page of accounts, by name.',
  nodes: 'The accounts of this page.',
});
