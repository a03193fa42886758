import { Migration } from '@mikro-orm/migrations';

/** Items of watched feeds are known by their state, not by their name alone, and messages by who brought them too. */
export class M0038KnownByState extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  // Rows of before have no thing: their key is its name. Hubs of before go on writing such rows while the new ones come.
  `alter table "feed_origin" add "thing" text null, add "words" text null, add "stands_twice" boolean not null default false, add "wanted" boolean not null default true, add "trusted" boolean not null default false, add "replaces_id" uuid null`,
  `alter table "feed_origin" add constraint "feed_origin_replaces_id_foreign" foreign key ("replaces_id") references "report" ("id") on delete set null`,
  `create index "feed_origin_thing_index" on "feed_origin" ("thing")`,
  // Of watchers that were removed nobody knows whom they trusted, but what a dossier relays was trusted.
  `update feed_origin o set trusted = true
   where o.cap is not null and (
     exists (select 1 from watcher w where w.id = o.watcher_id and o.cap->>'sender' = any(w.trusted_senders))
     or exists (
       select 1 from dossier_report l join revision r on r.dossier_id = l.dossier_id
       where l.report_id = o.report_id and (r.content->'source'->>'relayed')::boolean
         and r.content->'source'->>'reference' = o.reference))`,
  // Every feed comes whole once more: its words are learnt as soon as the hub runs.
  `update watcher set etag = null, last_modified = null`,
];
