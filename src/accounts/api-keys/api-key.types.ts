import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { AccountType, StaffRoleEnum } from '../../access/account.types.ts';
import type { Role } from '../../access/actor.ts';
import type { MachineRole } from '../../access/keys/api-key.rules.ts';
import { DateTimeScalar } from '../../graphql/scalars.ts';
import { connectionOf } from '../../paging/connection.types.ts';
import type { ApiKeyView } from './api-key-views.queries.ts';

@ObjectType('ApiKey', { description: 'The key of a machine. For an ADMIN.' })
export class ApiKeyType implements ApiKeyView {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Field(() => Int, { description: 'Grows with each mutation; send it with the next.' })
  version!: number;
  @Field(() => String, { description: 'What the machine is called.' })
  name!: string;
  @Field(() => String, { description: 'How the key begins, to tell it from others.' })
  prefix!: string;
  @Field(() => [StaffRoleEnum], { description: 'What the machine may do.' })
  roles!: readonly MachineRole[];
  @Field(() => Int, {
    nullable: true,
    description: 'What it may spend, in points of cost a second; null: as much as everybody with a token.',
  })
  pointsPerSecond!: number | null;
  @Field(() => AccountType, { description: 'The account of the machine: what it does is done by that.' })
  account!: AccountType;
  @Field(() => AccountType, { description: 'The ADMIN who made it.' })
  createdBy!: AccountType;
  @Field(() => DateTimeScalar, { description: 'When it was first made.' })
  createdAt!: string;
  @Field(() => DateTimeScalar, { description: 'When the key that is good now was made.' })
  issuedAt!: string;
  @Field(() => DateTimeScalar, { description: 'Until when it is good.' })
  expiresAt!: string;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Until when the key before the last rotation is good beside it; null where there is none.',
  })
  previousUntil!: string | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was revoked; null while it was not.' })
  revokedAt!: string | null;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the machine last came in, to the minute; null where it never did.',
  })
  lastUsedAt!: string | null;
}

@InputType('ApiKeyInput', { description: 'A machine that is to have a key.' })
export class ApiKeyInput {
  @Field(() => String, { description: 'What the machine is called.' })
  name!: string;
  @Field(() => [StaffRoleEnum], { description: 'VOLUNTEER, MARSHAL, EDITOR or SCHEDULER: one at least, no other.' })
  roles!: Role[];
  @Field(() => DateTimeScalar, { description: 'Until when the key is good: at most 366 days from now.' })
  expiresAt!: string;
  @Field(() => Int, {
    nullable: true,
    description: 'What it may spend, in points of cost a second (1,000 to 60,000,000); null: as much as everybody.',
  })
  pointsPerSecond!: number | null;
}

export const ApiKeyConnectionType = connectionOf('ApiKey', () => ApiKeyType, {
  description: 'A page of keys of machines, by name.',
  nodes: 'The keys of this page.',
});
