import { demand } from '../../access/permissions.rules.ts';
import { parisTime } from '../../clock.ts';
import type { Context } from '../../graphql/context.ts';
import type { Office } from '../../office/office.ts';
import { ReportLoaders } from '../../reports/report.loaders.ts';
import { DossierLoaders } from '../dossier/dossier.loaders.ts';
import type { DeskChange } from './desk-change.types.ts';
import { type DeskDeed, type DeskFeed, followDesk } from './desk-feed.ts';
import { wokenByReturn } from './waking-return.ts';

/** What happens at the desk, for its followers: each deed with its subject as that stands when it is read. */
export class DeskChanges {
  readonly #feed: DeskFeed;
  readonly #dossiers: DossierLoaders;
  readonly #reports: ReportLoaders;

  constructor(office: Pick<Office, 'read' | 'now'>, feed: DeskFeed) {
    this.#feed = feed;
    this.#dossiers = new DossierLoaders(office);
    this.#reports = new ReportLoaders(office);
  }

  /**
   * Opens the changes for one person. Followers hear of a deed in the same turn, so that with loaders in common they look
   * its subject up by one statement.
   */
  async open({ actor, load }: Context): Promise<AsyncGenerator<DeskChange, void>> {
    demand(actor, 'deskChanges');
    const abort = new AbortController();
    const deeds = await followDesk(this.#feed, abort.signal);
    const changeOf = (deed: DeskDeed) => this.#changeOf(deed, load);
    const changes = (async function* () {
      for await (const deed of deeds) {
        const change = await changeOf(deed);
        if (change) yield change;
      }
    })();
    return wokenByReturn(changes, () => abort.abort());
  }

  /** Undefined for a deed that was done to neither a dossier nor a report. */
  async #changeOf({ subject, at }: DeskDeed, load: Context['load']): Promise<DeskChange | undefined> {
    const dossier = await load(this.#dossiers.file).load(subject);
    const report = dossier ? null : await load(this.#reports.view).load(subject);
    return dossier || report ? { at: parisTime(at), dossier, report } : undefined;
  }
}
