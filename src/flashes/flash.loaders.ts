import type { SubjectOfDeed } from '../editorial/desk-changes/desk-changes.ts';
import { type Batch, batchById } from '../graphql/loaders.ts';
import type { Office } from '../office/office.ts';
import { type FlashView, flashesOfReports, flashViews } from './flash-views.queries.ts';

/** Reads flashes for everything that leads to them: what is read in one turn is one statement. */
export class FlashLoaders {
  /** The flash of a report, by the id of the report. */
  readonly ofReport: Batch<string, FlashView | null>;
  /** The report that deeds on a flash are about, by the id of the flash; null where there is no such flash. */
  readonly subject: Batch<string, SubjectOfDeed | null>;

  constructor(office: Pick<Office, 'read' | 'now'>) {
    this.ofReport = batchById((reports) => flashesOfReports(office.read(), reports, office.now));
    this.subject = batchById(async (ids) => {
      const flashes = await flashViews(office.read(), ids, office.now);
      return new Map([...flashes].map(([id, { report }]) => [id, { dossier: null, report }]));
    });
  }
}
