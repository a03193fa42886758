import { Field, Int, ObjectType } from 'type-graphql';
import { AccountType } from '../access/account.types.ts';
import { DateTimeScalar } from '../graphql/scalars.ts';
import { connectionOf } from '../paging/connection.types.ts';
import type { Administration } from './account-views.queries.ts';

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
  @Field(() => DateTimeScalar, { description: 'When the hub first saw it.' })
  createdAt!: string;
  @Field(() => DateTimeScalar, { nullable: true, description: 'Since when it may do nothing; null while it may.' })
  disabledAt!: string | null;
}

export const AccountConnectionType = connectionOf('Account', () => AccountType, {
  description: 'A page of accounts, by name.',
  nodes: 'The accounts of this page.',
});
