import { Migration } from '@mikro-orm/migrations';

/** The answers to mutations that came with an Idempotency-Key, written in the mutations' own transaction. */
export class M0004Idempotency extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `create table "kept_answer" ("actor" uuid not null, "key" text not null, "request_hash" text not null, "at" timestamptz(3) not null, "answer" text null, primary key ("actor", "key"))`,
    );
    this.addSql(`create index "kept_answer_at_index" on "kept_answer" ("at")`);
  }
}
