import { type Batch, batchById } from '../graphql/loaders.ts';
import type { Office } from '../office/office.ts';
import { type OriginView, originsOf } from './watcher.queries.ts';

/** Reads where reports come from: what is read in one turn is one statement. */
export class WatcherLoaders {
  /** Where a report comes from, by its id; null where no feed brought it. */
  readonly origin: Batch<string, OriginView | null>;

  constructor(office: Pick<Office, 'read'>) {
    this.origin = batchById((ids) => originsOf(office.read(), ids));
  }
}
