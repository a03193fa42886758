import { Resolver, Root, Subscription } from 'type-graphql';
import type { Context } from '../../graphql/context.ts';
import { DeskChange } from './desk-change.types.ts';

/** What a subscription finds in its context, since `subscribe` is handed no resolver. */
interface DeskFollower extends Context {
  openDeskChanges(context: Context): Promise<AsyncGenerator<DeskChange, void>>;
}

@Resolver()
export class DeskChangeResolver {
  @Subscription(() => DeskChange, {
    description: 'Each dossier, report, call or flash that changes, as it stands when it is delivered. Staff only.',
    subscribe: ({ context }) => (context as DeskFollower).openDeskChanges(context as DeskFollower),
  })
  deskChanges(@Root() change: DeskChange): DeskChange {
    return change;
  }
}
