import type { Batch } from '../../../graphql/loaders.ts';
import type { Office } from '../../../office/office.ts';
import type { PublicDocument } from '../../../publications/document.ts';
import { postsAbout, type SentPost } from './sent.queries.ts';

/** Reads where posts stand: what is read in one turn is one statement. */
export class SentPostLoaders {
  /** The posts about a document, newest first. */
  readonly about: Batch<PublicDocument, SentPost[]>;

  constructor(office: Pick<Office, 'read'>) {
    this.about = (documents) => postsAbout(office.read(), documents);
  }
}
