import { Migration } from '@mikro-orm/migrations';

/** Remembers, for each watcher, which items had no date when its feed was read first. */
export class M0018FirstReadings extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  `create table "first_reading" ("watcher_id" uuid not null, "feed_url" text not null, "undated" text[] not null, "read_at" timestamptz(3) not null, primary key ("watcher_id"))`,
  `alter table "first_reading" add constraint "first_reading_watcher_id_foreign" foreign key ("watcher_id") references "watcher" ("id") on update cascade on delete cascade`,
  // Feeds that were read before have had their first reading.
  `insert into first_reading (watcher_id, feed_url, undated, read_at)
   select id, url, '{}', looked_at from watcher where looked_at is not null`,
];
