import { Migration } from '@mikro-orm/migrations';

/** Apps that are told by push while they are closed, and the jobs by which they are. Nothing of it is anybody's deed. */
export class M0065Push extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  `create table "push_subscription" ("id" uuid not null, "digest" text not null, "sealed" text not null, "key_id" text not null, "service" text not null, "kinds" text[] null, "communes" text[] null, "least" int not null, "modes" text[] not null, "language" text not null, "secret_hash" text not null, "created_at" timestamptz(3) not null, "renewed_at" timestamptz(3) not null, "confirmed_at" timestamptz(3) null, "since" bigint null, "greeted" int not null, "greeting_due_at" timestamptz(3) null, "failed" int not null, primary key ("id"))`,
  `alter table "push_subscription" add constraint "push_subscription_digest_unique" unique ("digest")`,
  `create index "push_subscription_walk_index" on "push_subscription" ("service", "id")`,
  `create index "push_subscription_renewed_index" on "push_subscription" ("renewed_at")`,
  `create index "push_subscription_greeting_index" on "push_subscription" ("greeting_due_at") where "confirmed_at" is null`,
  `alter table "push_subscription" add constraint "push_subscription_since_check" check ((confirmed_at is null) = (since is null))`,

  `create table "push_job" ("id" uuid not null, "thread" uuid not null, "position" bigint not null, "service" text not null, "after_id" uuid null, "until_id" uuid null, "again" text[] not null, "gravity" int not null, "attempts" int not null, "created_at" timestamptz(3) not null, "due_at" timestamptz(3) not null, "expires_at" timestamptz(3) not null, "lease" uuid null, "leased_until" timestamptz(3) null, primary key ("id"))`,
  `create index "push_job_due_index" on "push_job" ("gravity", "position", "id")`,

  `create table "push_service" ("service" text not null, "failures" int not null, "open_until" timestamptz(3) not null, primary key ("service"))`,

  `create table "push_progress" ("id" int not null, "position" bigint not null, primary key ("id"))`,
  `insert into push_progress (id, position) values (1, 0)`,
];
