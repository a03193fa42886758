import { Field, ID, Int, ObjectType } from 'type-graphql';
import { AccountType } from '../../access/account.types.ts';
import { DateTimeScalar } from '../../graphql/scalars.ts';
import { connectionOf } from '../../paging/connection.types.ts';
import type { SealedKeyView } from './sealed-key-views.queries.ts';

@ObjectType('SealedKey', {
  description: 'A key in an envelope, for a duty officer whom no issuer can sign in. For an ADMIN.',
})
export class SealedKeyType implements SealedKeyView {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Field(() => Int, { description: 'Grows with each mutation; send it with the next.' })
  version!: number;
  @Field(() => String, { description: 'The name that stands on the envelope.' })
  name!: string;
  @Field(() => AccountType, { description: 'The account of whoever opens it: what they do is done by that.' })
  account!: AccountType;
  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  sealedAt!: string;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was opened; null while it was not.' })
  openedAt!: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'The name that whoever opened it gave; null while nobody did.',
  })
  openedBy!: string | null;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the session that it opened ends, or ended; null while it was not opened.',
  })
  sessionUntil!: string | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was withdrawn; null while it was not.' })
  withdrawnAt!: string | null;
}

export const SealedKeyConnectionType = connectionOf('SealedKey', () => SealedKeyType, {
  description: 'A page of sealed keys, the newest first.',
  nodes: 'The sealed keys of this page.',
});
