import { Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Actor, Role } from './actor.ts';
import { RoleEnum, ViewerType } from './viewer.types.ts';

@Resolver(() => ViewerType)
export class ViewerResolver {
  @Query(() => ViewerType, { nullable: true, description: 'Who the token says you are; null without one.' })
  viewer(@Ctx() { actor }: { actor: Actor | null }): Actor | null {
    return actor;
  }

  @FieldResolver(() => [RoleEnum], { description: 'What they may do, by the token in use; empty for other people.' })
  roles(@Root() viewer: { roles?: readonly Role[] }): readonly Role[] {
    return viewer.roles ?? [];
  }
}
