import { type Batch, batchById } from '../graphql/loaders.ts';
import type { Office } from '../office/office.ts';
import type { ReportView } from './report-view.ts';
import { reportViews } from './report-views.queries.ts';

/** Reads reports for everything that names them by id: what is read in one turn is one statement. */
export class ReportLoaders {
  /** A report as it stands now, by its id. */
  readonly view: Batch<string, ReportView | null>;

  constructor(office: Pick<Office, 'read' | 'now'>) {
    this.view = batchById(
      async (ids) => new Map((await reportViews(office.read(), ids, office.now)).map((view) => [view.id, view])),
    );
  }
}
