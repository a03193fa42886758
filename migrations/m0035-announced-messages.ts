import { Migration } from '@mikro-orm/migrations';

/** Remembers the CAP messages to which the items of watched feeds lead, so that each is fetched once. */
export class M0035AnnouncedMessages extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  `create table "announced_message" ("watcher_id" uuid not null, "key" text not null, "url" text not null, "words" text not null, "said_at" timestamptz(3) null, "cap" jsonb null, "bytes" int not null, "etag" text null, "last_modified" text null, "faults" text[] not null, "failures" int not null, "failing_since" timestamptz(3) null, "due_at" timestamptz(3) null, primary key ("watcher_id", "key"))`,
  `alter table "announced_message" add constraint "announced_message_watcher_id_foreign" foreign key ("watcher_id") references "watcher" ("id") on delete cascade`,
];
