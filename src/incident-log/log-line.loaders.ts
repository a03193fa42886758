import { type Batch, batchById } from '../graphql/loaders.ts';
import type { Office } from '../office/office.ts';
import { type LogLineView, logLineViews } from './log-lines.queries.ts';

/** Reads lines for everything that names them by id: what is read in one turn is one statement. */
export class LogLineLoaders {
  /** A line as it stands now, by its id. */
  readonly view: Batch<string, LogLineView | null>;

  constructor(office: Pick<Office, 'read'>) {
    this.view = batchById(
      async (ids) => new Map((await logLineViews(office.read(), ids)).map((line) => [line.id, line])),
    );
  }
}
