import { Migration } from '@mikro-orm/migrations';

/** When a reader was pushed to last, so that a storm of pushes does not ring each time. */
export class M0079PushTold extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  `create table "push_told" ("id" uuid not null, "at" timestamptz[] not null, "newest" timestamptz(3) not null, primary key ("id"))`,
  `create index "push_told_newest_index" on "push_told" ("newest")`,
];
