import { demand } from '../../access/permissions.rules.ts';
import { parisTime } from '../../clock.ts';
import type { Context } from '../../graphql/context.ts';
import type { Batch } from '../../graphql/loaders.ts';
import type { Office } from '../../office/office.ts';
import { ReportLoaders } from '../../reports/report.loaders.ts';
import { DossierLoaders } from '../dossier/dossier.loaders.ts';
import type { DeskChange } from './desk-change.types.ts';
import { type DeskDeed, type DeskFeed, followDesk } from './desk-feed.ts';
import { wokenByReturn } from './waking-return.ts';

/** The dossier or report that a deed on something else of the desk is about, by their ids; it may be neither. */
export interface SubjectOfDeed {
  dossier: string | null;
  report: string | null;
}

/** What happens at the desk, for its followers: each deed with its subject as that stands when it is read. */
export class DeskChanges {
  readonly #feed: DeskFeed;
  readonly #dossiers: DossierLoaders;
  readonly #reports: ReportLoaders;

  readonly #others: Batch<string, SubjectOfDeed | null> | undefined;

  /** `others` finds what a deed is about that was done to neither a dossier nor a report; the desk hears of it too. */
  constructor(office: Pick<Office, 'read' | 'now'>, feed: DeskFeed, others?: Batch<string, SubjectOfDeed | null>) {
    this.#feed = feed;
    this.#others = others;
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

  /** Undefined for a deed of which the desk does not hear. */
  async #changeOf({ subject, at }: DeskDeed, load: Context['load']): Promise<DeskChange | undefined> {
    const change = { at: parisTime(at), subject, ...(await this.#read({ dossier: subject, report: subject }, load)) };
    if (change.dossier || change.report) return change;
    const about = this.#others && (await load(this.#others).load(subject));
    return about ? { ...change, ...(await this.#read(about, load)) } : undefined;
  }

  /** The dossier of an id, or else the report of the other one. */
  async #read({ dossier: id, report: other }: SubjectOfDeed, load: Context['load']) {
    const dossier = id === null ? null : await load(this.#dossiers.file).load(id);
    const report = dossier || other === null ? null : await load(this.#reports.view).load(other);
    return { dossier, report };
  }
}
