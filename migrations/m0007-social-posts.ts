import { Migration } from '@mikro-orm/migrations';

/** Which post about which revision stands where on a social network, as whoever sent it says. */
export class M0007SocialPosts extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  `create table "social_post" ("id" uuid not null, "publication_id" uuid not null, "network" text not null, "revision" int not null, "happened" text not null, "url" text not null, "at" timestamptz(3) not null, "by_id" uuid not null, primary key ("id"))`,
  `alter table "social_post" add constraint "social_post_once_unique" unique ("publication_id", "network", "url", "revision", "happened")`,
  `create index "social_post_at_index" on "social_post" ("at")`,
  `alter table "social_post" add constraint "social_post_network_check" check ("network" in ('X', 'MASTODON', 'BLUESKY', 'THREADS', 'FACEBOOK', 'INSTAGRAM', 'LINKEDIN', 'TELEGRAM', 'SMS'))`,
  `alter table "social_post" add constraint "social_post_publication_id_foreign" foreign key ("publication_id") references "publication" ("id")`,
  `alter table "social_post" add constraint "social_post_by_id_foreign" foreign key ("by_id") references "account" ("id")`,
  `create trigger social_post_frozen before update or delete on social_post for each row execute function refuse_change()`,
  // The schema comparison does not read TRUNCATE triggers back, so this one stands in the migration alone.
  `create trigger social_post_never_truncated before truncate on social_post for each statement execute function refuse_change()`,

  // As before, and a publication by the posts that tell of it.
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
       (select to_jsonb(w) - '{due_at,looked_at,etag,last_modified,fault,failures}'::text[] from watcher w where w.id = thing),
       (select jsonb_agg(to_jsonb(s) order by s.id) from social_post s where s.publication_id = thing)
     ) as rows) as state
   $$`,
];
