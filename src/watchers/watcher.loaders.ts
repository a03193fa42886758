import { type Batch, batchById } from '../graphql/loaders.ts';
import type { Office } from '../office/office.ts';
import { type OriginView, originsOf, type WatcherView, watcherViews } from './watcher.queries.ts';

/** Reads watchers, and the origins of reports: what is read in one turn is read at once. */
export class WatcherLoaders {
  /** Where a report comes from, by its id; null where no feed brought it. */
  readonly origin: Batch<string, OriginView | null>;
  /** A watcher as it stands now, by its id. */
  readonly view: Batch<string, WatcherView | null>;

  constructor(office: Pick<Office, 'read'>) {
    this.origin = batchById((ids) => originsOf(office.read(), ids));
    this.view = batchById(
      async (ids) => new Map((await watcherViews(office.read(), ids)).map((view) => [view.id, view])),
    );
  }
}
