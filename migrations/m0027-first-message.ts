import { Migration } from '@mikro-orm/migrations';

/** A report of a message that refers to an earlier one leads to the report of the first. */
export class M0027FirstMessage extends Migration {
  override async up(): Promise<void> {
    this.addSql('alter table "feed_origin" add "first_id" uuid null');
    this.addSql(
      'alter table "feed_origin" add constraint "feed_origin_first_id_foreign" foreign key ("first_id") references "report" ("id") on delete set null',
    );
  }
}
