import { Resolver, Root, Subscription } from 'type-graphql';
import type { Actor } from '../../access/actor.ts';
import { demand } from '../../access/permissions.rules.ts';
import { parisTime } from '../../clock.ts';
import { reportViews } from '../../reports/report.queries.ts';
import { dossierView } from '../dossier/dossier.resolver.ts';
import type { EditorialOffice } from '../dossier/editorial-work.ts';
import { DeskChange } from './desk-change.types.ts';
import { type DeskFeed, followDesk } from './desk-feed.ts';

/** What a subscription finds in its context, since `subscribe` is handed no resolver. */
export interface DeskFollower {
  actor: Actor | null;
  openDeskChanges(actor: Actor | null): Promise<AsyncGenerator<DeskChange, void>>;
}

@Resolver()
export class DeskChangeResolver {
  @Subscription(() => DeskChange, {
    description: 'Each dossier or report that changes, as it stands when it is delivered. Staff only.',
    subscribe: ({ context }) => {
      const { actor, openDeskChanges } = context as DeskFollower;
      return openDeskChanges(actor);
    },
  })
  deskChanges(@Root() change: DeskChange): DeskChange {
    return change;
  }
}

/** Opens the desk's changes for one person; each event is authorised and looked up for that person alone. */
export async function openDeskChanges(
  office: EditorialOffice,
  feed: DeskFeed,
  actor: Actor | null,
): Promise<AsyncGenerator<DeskChange, void>> {
  demand(actor, 'deskChanges');
  const abort = new AbortController();
  const deeds = await followDesk(feed, abort.signal);
  const changes = (async function* () {
    for await (const { subject, at } of deeds) {
      const dossier = await dossierView(office, subject);
      const [report] = dossier ? [] : await reportViews(office.read(), [subject], office.now);
      if (dossier || report) yield { at: parisTime(at), dossier, report: report ?? null };
    }
  })();
  // A generator that waits cannot be returned: the signal wakes it first.
  const stop = changes.return.bind(changes);
  changes.return = (value) => {
    abort.abort();
    return stop(value);
  };
  return changes;
}
