import { Migration } from '@mikro-orm/migrations';

/**
 * Keys of machines. PostgreSQL holds that none of them approves, publishes or manages, nor lasts for ever (I-26), and notifies
 * every hub when a key is rotated or revoked.
 */
export class M0041ApiKeys extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  `create table "api_key" ("id" uuid not null, "version" int not null, "account_id" uuid not null, "name" text not null, "roles" text[] not null, "prefix" text not null, "hash" text not null, "previous_hash" text null, "previous_until" timestamptz(3) null, "points_per_second" int null, "created_by_id" uuid not null, "created_at" timestamptz(3) not null, "issued_at" timestamptz(3) not null, "expires_at" timestamptz(3) not null, "revoked_at" timestamptz(3) null, "last_used_at" timestamptz(3) null, primary key ("id"))`,
  `alter table "api_key" add constraint "api_key_account_unique" unique ("account_id")`,
  `alter table "api_key" add constraint "api_key_hash_unique" unique ("hash")`,
  `alter table "api_key" add constraint "api_key_previous_hash_unique" unique ("previous_hash")`,
  `alter table "api_key" add constraint "api_key_account_id_foreign" foreign key ("account_id") references "account" ("id")`,
  `alter table "api_key" add constraint "api_key_created_by_id_foreign" foreign key ("created_by_id") references "account" ("id")`,

  `create function api_key_guarded() returns trigger language plpgsql as $$
   begin
     if tg_op = 'DELETE' then
       raise exception 'a key is revoked, never deleted' using errcode = 'TOC02';
     end if;
     if new.roles = '{}' or not new.roles <@ array['VOLUNTEER', 'MARSHAL', 'EDITOR', 'SCHEDULER'] then
       raise exception 'a machine neither approves nor publishes nor manages' using errcode = 'TOC01';
     end if;
     if new.expires_at > new.issued_at + interval '8784 hours' then
       raise exception 'a key lasts at most 366 days' using errcode = 'TOC01';
     end if;
     if not exists (select 1 from account where id = new.account_id and issuer = 'key') then
       raise exception 'a key is of a machine, never of a person' using errcode = 'TOC01';
     end if;
     if tg_op = 'UPDATE' and (old.id, old.account_id, old.roles, old.created_by_id, old.created_at)
       is distinct from (new.id, new.account_id, new.roles, new.created_by_id, new.created_at) then
       raise exception 'a key keeps its machine and its roles' using errcode = 'TOC02';
     end if;
     if tg_op = 'UPDATE' and old.revoked_at is not null
       and (old.revoked_at, old.hash, old.previous_hash, old.expires_at)
       is distinct from (new.revoked_at, new.hash, new.previous_hash, new.expires_at) then
       raise exception 'a revoked key stays revoked' using errcode = 'TOC02';
     end if;
     return new;
   end $$`,
  `create trigger api_key_guarded before insert or update or delete on api_key for each row execute function api_key_guarded()`,

  `create function api_key_changed() returns trigger language plpgsql as $$
   begin
     if (old.hash, old.previous_hash, old.previous_until, old.expires_at, old.revoked_at, old.points_per_second)
       is distinct from (new.hash, new.previous_hash, new.previous_until, new.expires_at, new.revoked_at, new.points_per_second) then
       perform pg_notify('tocsin_account', new.account_id::text);
     end if;
     return null;
   end $$`,
  `create trigger api_key_changed after update on api_key for each row execute function api_key_changed()`,

  `create function account_of_machine() returns trigger language plpgsql as $$
   begin
     if new.issuer = 'key' and not coalesce(new.roles, '{}') <@ array['VOLUNTEER', 'MARSHAL', 'EDITOR', 'SCHEDULER'] then
       raise exception 'a machine neither approves nor publishes nor manages' using errcode = 'TOC01';
     end if;
     if tg_op = 'UPDATE' and old.issuer = 'key' and (old.issuer, old.roles) is distinct from (new.issuer, new.roles) then
       raise exception 'a machine keeps its roles: make another key' using errcode = 'TOC01';
     end if;
     return new;
   end $$`,
  `create trigger account_of_machine before insert or update on account for each row execute function account_of_machine()`,

  // As before, and a key.
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
       (select jsonb_agg(to_jsonb(s) order by s.id) from social_post s where s.publication_id = thing),
       (select to_jsonb(h) - '{position,paused,paused_at,failing_since}'::text[] from webhook h where h.id = thing),
       (select jsonb_agg(to_jsonb(k) - 'secret' order by k.id) from webhook_key k where k.webhook_id = thing),
       (select to_jsonb(a) - 'name' from account a where a.id = thing),
       (select to_jsonb(k) - '{hash,previous_hash,last_used_at}'::text[] from api_key k where k.id = thing)
     ) as rows) as state
   $$`,
];
