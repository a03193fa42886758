import { Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Actor, Role } from './actor.ts';
import { RoleEnum, ViewerType } from './viewer.types.ts';

@Resolver(() => ViewerType)
export class ViewerResolver {
  @Query(() => ViewerType, {
    nullable: true,
    description: 'The account that the token stands for; null without a token.',
  })
  viewer(@Ctx() { actor }: { actor: Actor | null }): Actor | null {
    return actor;
  }

  @FieldResolver(() => [RoleEnum], {
    description: 'The roles of the token in use; empty for every account but your own.',
  })
  roles(@Root() viewer: { roles?: readonly Role[] }): readonly Role[] {
    return viewer.roles ?? [];
  }
}
