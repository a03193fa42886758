import { Migration } from '@mikro-orm/migrations';

/** A revision may mend words of what is public without being news. */
export class M0032MinorRevisions extends Migration {
  override async up(): Promise<void> {
    this.addSql('alter table "revision" add column "minor" boolean not null default false');
  }
}
