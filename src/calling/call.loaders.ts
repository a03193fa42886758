import type { SubjectOfDeed } from '../editorial/desk-changes/desk-changes.ts';
import { type Batch, batchById } from '../graphql/loaders.ts';
import type { Office } from '../office/office.ts';
import { type CallView, callViews, openCalls } from './call.queries.ts';

/** Reads calls for everything that leads to them: what is read in one turn is one statement. */
export class CallLoaders {
  /** A call as it stands now, by its id. */
  readonly view: Batch<string, CallView | null>;
  /** The open calls about a dossier or a report, by its id. */
  readonly open: Batch<string, CallView[]>;
  /** The subject of deeds on a call, by the id of the call; null where there is no such call. */
  readonly subject: Batch<string, SubjectOfDeed | null>;

  constructor(office: Pick<Office, 'read'>) {
    const found = async (ids: readonly string[]) =>
      new Map((await callViews(office.read(), ids)).map((call) => [call.id, call]));
    this.view = batchById(found);
    this.subject = batchById(found);
    this.open = async (ids) => {
      const calls = await openCalls(office.read(), ids);
      return ids.map((id) => calls.get(id.toLowerCase()) ?? []);
    };
  }
}
