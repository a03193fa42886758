import { Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { AccountType, StaffRoleEnum } from './account.types.ts';
import type { Actor, Role } from './actor.ts';

@Resolver(() => AccountType)
export class AccountResolver {
  @Query(() => AccountType, {
    nullable: true,
    description: 'The account that the token stands for; null without a token.',
  })
  viewer(@Ctx() { actor }: { actor: Actor | null }): Actor | null {
    return actor;
  }

  @FieldResolver(() => [StaffRoleEnum], {
    description: 'The roles of the token in use; empty for every account but your own.',
  })
  roles(@Root() { id }: { id: string }, @Ctx() { actor }: { actor: Actor | null }): readonly Role[] {
    return actor?.id === id ? actor.roles : [];
  }
}
