import { Field, ID, Int, ObjectType } from 'type-graphql';
import { AccountType, StaffRoleEnum } from '../../access/account.types.ts';
import type { Role } from '../../access/actor.ts';
import { DateTimeScalar } from '../../graphql/scalars.ts';
import { connectionOf } from '../../paging/connection.types.ts';
import { graphqlEnum } from '../../publications/enum.types.ts';
import type { InvitationView } from './invitation.queries.ts';
import { INVITATION_STATES, type InvitationState } from './invitation.rules.ts';

const InvitationStateEnum = graphqlEnum('InvitationState', INVITATION_STATES, 'How far an invitation has come.', {
  UNAPPROVED: 'It waits for a second ADMIN: it gives VALIDATOR, SIGNATORY, DUTY_OFFICER or ADMIN.',
  READY: 'A person who holds its secret may accept it.',
  ACCEPTED: 'Somebody has accepted it; nobody can once more.',
  WITHDRAWN: 'An ADMIN took it back.',
  EXPIRED: 'Nobody accepted it within seven days.',
});

@ObjectType('Invitation', {
  description: 'Roles for somebody who has no account yet, to be accepted once. For an ADMIN.',
})
export class InvitationType implements Omit<InvitationView, 'organisationId'> {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Field(() => Int, { description: 'Grows with each mutation; send it with the next.' })
  version!: number;
  @Field(() => String, {
    description: 'By which administrators know whom they invited; the account has the name that its tokens give.',
  })
  name!: string;
  @Field(() => [StaffRoleEnum], { description: 'The roles that it gives.' })
  roles!: Role[];
  @Field(() => InvitationStateEnum, { description: 'How far it has come.' })
  state!: InvitationState;
  @Field(() => AccountType, {
    nullable: true,
    description: 'The ADMIN who gave it; null where an operator gave it on the machine.',
  })
  invitedBy!: AccountType | null;
  @Field(() => DateTimeScalar, { description: 'When it was given.' })
  invitedAt!: string;
  @Field(() => DateTimeScalar, { description: 'Until when it can be accepted.' })
  expiresAt!: string;
  @Field(() => AccountType, { nullable: true, description: 'The second ADMIN, who approved it.' })
  approvedBy!: AccountType | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When.' })
  approvedAt!: string | null;
  @Field(() => AccountType, { nullable: true, description: 'The ADMIN who took it back.' })
  withdrawnBy!: AccountType | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When.' })
  withdrawnAt!: string | null;
  @Field(() => AccountType, { nullable: true, description: 'The account that accepted it.' })
  acceptedBy!: AccountType | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When.' })
  acceptedAt!: string | null;
}

export const InvitationConnectionType = connectionOf('Invitation', () => InvitationType, {
  description: 'A page of invitations, the newest first.',
  nodes: 'The invitations of this page.',
});
