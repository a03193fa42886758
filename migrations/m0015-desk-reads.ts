import { Migration } from '@mikro-orm/migrations';

/** Finds the revisions of a dossier, and a page of dossiers, by an index, however many there ever were. */
export class M0015DeskReads extends Migration {
  override async up(): Promise<void> {
    this.addSql(`create index "revision_dossier_index" on "revision" ("dossier_id")`);
    this.addSql(`create index "dossier_updated_index" on "dossier" ("updated_at", "id")`);
  }
}
