import { Migration } from '@mikro-orm/migrations';

/** Watchers: the feeds that the hub reads for the desk, and where each report that they brought comes from. */
export class M0005Watchers extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  `create table "watcher" ("id" uuid not null, "version" int not null, "name" text not null, "url" text not null, "keywords" text[] not null, "communes" text[] not null, "trusted_senders" text[] not null, "every_minutes" int not null, "active" boolean not null, "created_by_id" uuid not null, "created_at" timestamptz(3) not null, "due_at" timestamptz(3) not null, "looked_at" timestamptz(3) null, "etag" text null, "last_modified" text null, "fault" text null, "failures" int not null, primary key ("id"))`,
  `create index "watcher_due_index" on "watcher" ("active", "due_at")`,
  `create table "feed_origin" ("key" text not null, "report_id" uuid not null, "watcher_id" uuid null, "feed_url" text not null, "feed_title" text null, "reference" text not null, "published_at" timestamptz(3) null, "taken_at" timestamptz(3) not null, "cap" jsonb null, primary key ("key"))`,
  `alter table "feed_origin" add constraint "feed_origin_report_id_unique" unique ("report_id")`,
  `alter table "watcher" add constraint "watcher_created_by_id_foreign" foreign key ("created_by_id") references "account" ("id")`,
  `alter table "feed_origin" add constraint "feed_origin_report_id_foreign" foreign key ("report_id") references "report" ("id")`,
  `alter table "feed_origin" add constraint "feed_origin_watcher_id_foreign" foreign key ("watcher_id") references "watcher" ("id") on delete set null`,

  // As before, and a watcher by what staff decided of it: how the last look went is no deed of theirs.
  `create or replace function audit_state(thing uuid) returns text language sql stable as $$
     select case when rows = '' then null else encode(sha256(convert_to(rows, 'UTF8')), 'hex') end
     from (select concat(
       (select to_jsonb(d) from dossier d where d.id = thing),
       (select jsonb_agg(to_jsonb(r) - 'content' order by r.id) from revision r where r.dossier_id = thing),
       (select jsonb_agg(to_jsonb(a) order by a.id) from approval a join revision r on r.id = a.revision_id where r.dossier_id = thing),
       (select to_jsonb(p) from publication p where p.id = thing),
       (select to_jsonb(i) from incident i where i.id = thing),
       (select to_jsonb(t) from report t where t.id = thing),
       (select jsonb_agg(to_jsonb(c) order by c.id) from conclusion c where c.report_id = thing),
       (select to_jsonb(w) - '{due_at,looked_at,etag,last_modified,fault,failures}'::text[] from watcher w where w.id = thing)
     ) as rows) as state
   $$`,
];
