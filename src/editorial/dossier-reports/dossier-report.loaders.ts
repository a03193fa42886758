import { type Batch, batchById } from '../../graphql/loaders.ts';
import type { Office } from '../../office/office.ts';
import { dossiersRestingOn } from './dossier-report.queries.ts';

/** Reads which dossiers rest on which reports: what is read in one turn is one statement. */
export class DossierReportLoaders {
  /** The ids of the dossiers that rest on a report, by its id; null for none. */
  readonly restingOn: Batch<string, string[] | null>;

  constructor(office: Pick<Office, 'read'>) {
    this.restingOn = batchById((ids) => dossiersRestingOn(office.read(), ids));
  }
}
