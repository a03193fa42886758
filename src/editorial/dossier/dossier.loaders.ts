import { type Batch, batchById } from '../../graphql/loaders.ts';
import type { Office } from '../../office/office.ts';
import type { PublicView } from '../../publications/document.ts';
import { type DossierFile, dossierFiles } from './dossier-file.queries.ts';
import { previews } from './preview.queries.ts';

/** Reads dossiers for every list that leads to them: what is read in one turn is one statement. */
export class DossierLoaders {
  /** A dossier as it stands now, by its id. */
  readonly file: Batch<string, DossierFile | null>;
  /** What the public would see of a dossier now. */
  readonly preview: Batch<DossierFile, PublicView>;

  constructor(office: Pick<Office, 'read' | 'now'>) {
    this.file = batchById((ids) => dossierFiles(office.read(), ids));
    this.preview = (files) => previews(office.read(), files, office.now);
  }
}
