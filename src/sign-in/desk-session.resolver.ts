import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { PayloadMutation, REMOVED } from '../graphql/payload.types.ts';
import type { Office } from '../office/office.ts';
import { endDeskSession } from './desk-session.commands.ts';
import { DeskSessionType } from './desk-session.types.ts';
import { type DeskSessionView, deskSessions } from './desk-session-views.queries.ts';
import type { SessionTimes } from './session.rules.ts';

@Resolver()
export class DeskSessionResolver {
  constructor(
    private readonly office: Office,
    private readonly times: SessionTimes,
  ) {}

  @Query(() => [DeskSessionType], {
    nullable: true,
    description:
      'Your open sessions at the desk, the newest first; those of another account for an ADMIN. Whoever signs in with a token has none.',
  })
  deskSessions(
    @Ctx() { actor }: Context,
    @Arg('account', () => ID, { nullable: true, description: 'The id of an account; your own where it is left out.' })
    account: string | null,
  ): Promise<DeskSessionView[]> {
    return deskSessions(this.office.read(), actor, account, { now: this.office.now, times: this.times });
  }

  @PayloadMutation(REMOVED, {
    description:
      'Ends an open session for good: within a second no hub lets its browser in, and its WebSockets and downloads end. Your own, or anybody’s for an ADMIN.',
  })
  async endDeskSession(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, { description: 'The id of the session.' }) id: string,
  ): Promise<{ removedId: string }> {
    const deed = { action: 'endDeskSession', subject: id } as const;
    const ended = await this.office.run(actor, deed, (work) => endDeskSession(work, id));
    return { removedId: ended.id };
  }
}
