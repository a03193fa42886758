import { Migration } from '@mikro-orm/migrations';

/** Dossiers and publications may be aid points. */
export class M0025AidPoints extends Migration {
  override async up(): Promise<void> {
    for (const table of ['dossier', 'publication']) {
      this.addSql(`alter table "${table}" drop constraint "${table}_kind_check"`);
      this.addSql(
        `alter table "${table}" add constraint "${table}_kind_check" check ("kind" in ('ALERT', 'ADVICE', 'EVENT', 'CLOSURE', 'CORRECTION', 'AID_POINT'))`,
      );
    }
  }
}
