import { Migration } from '@mikro-orm/migrations';

/**
 * Sealed keys, by which a duty officer comes in without any issuer. PostgreSQL holds that each opens one session, which ends
 * (I-28), and notifies every hub when one is opened.
 */
export class M0043SealedKeys extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  `create table "sealed_key" ("id" uuid not null, "version" int not null, "account_id" uuid not null, "name" text not null, "hash" text not null, "sealed_at" timestamptz(3) not null, "opened_at" timestamptz(3) null, "opened_by" text null, "session_hash" text null, "session_until" timestamptz(3) null, "withdrawn_at" timestamptz(3) null, primary key ("id"))`,
  `alter table "sealed_key" add constraint "sealed_key_account_unique" unique ("account_id")`,
  `alter table "sealed_key" add constraint "sealed_key_hash_unique" unique ("hash")`,
  `alter table "sealed_key" add constraint "sealed_key_session_hash_unique" unique ("session_hash")`,
  `alter table "sealed_key" add constraint "sealed_key_account_id_foreign" foreign key ("account_id") references "account" ("id")`,

  `create function sealed_key_guarded() returns trigger language plpgsql as $$
   begin
     if tg_op = 'DELETE' then
       raise exception 'a sealed key is withdrawn, never deleted' using errcode = 'TOC02';
     end if;
     if tg_op = 'INSERT' then
       if num_nonnulls(new.opened_at, new.opened_by, new.session_hash, new.session_until, new.withdrawn_at) > 0 then
         raise exception 'a key is sealed before it is opened' using errcode = 'TOC01';
       end if;
       if not exists (select 1 from account where id = new.account_id and issuer = 'sealed') then
         raise exception 'a sealed key has an account of its own' using errcode = 'TOC01';
       end if;
       -- Two who seal at once wait for each other.
       perform pg_advisory_xact_lock(hashtext('sealed_key'));
       if (select count(*) from sealed_key where opened_at is null and withdrawn_at is null) >= 2 then
         raise exception 'at most two keys are sealed at a time' using errcode = 'TOC01';
       end if;
       return new;
     end if;
     if (old.id, old.account_id, old.name, old.hash, old.sealed_at) is distinct from (new.id, new.account_id, new.name, new.hash, new.sealed_at) then
       raise exception 'a sealed key stays as it was sealed' using errcode = 'TOC02';
     end if;
     if old.withdrawn_at is not null then
       raise exception 'a withdrawn key stays withdrawn' using errcode = 'TOC02';
     end if;
     if old.opened_at is not null and (old.opened_at, old.opened_by, old.session_hash, old.session_until)
       is distinct from (new.opened_at, new.opened_by, new.session_hash, new.session_until) then
       raise exception 'a sealed key is opened once' using errcode = 'TOC02';
     end if;
     if new.opened_at is not null and (new.opened_by is null or new.session_hash is null or new.session_until is null
       or new.session_until > new.opened_at + interval '8 hours') then
       raise exception 'a sealed key opens a session of 8 hours at most' using errcode = 'TOC01';
     end if;
     return new;
   end $$`,
  `create trigger sealed_key_guarded before insert or update or delete on sealed_key for each row execute function sealed_key_guarded()`,

  `create function sealed_key_changed() returns trigger language plpgsql as $$
   begin
     if old.opened_at is null and new.opened_at is not null then
       perform pg_notify('tocsin_sealed', json_build_object('sealedKey', new.id, 'name', new.name, 'openedBy', new.opened_by, 'until', new.session_until)::text);
     end if;
     perform pg_notify('tocsin_account', new.account_id::text);
     return null;
   end $$`,
  `create trigger sealed_key_changed after update on sealed_key for each row execute function sealed_key_changed()`,

  // As before, and the account of a sealed key, whose roles are none until it is opened.
  `create or replace function account_of_machine() returns trigger language plpgsql as $$
   begin
     if new.issuer = 'key' and not coalesce(new.roles, '{}') <@ array['VOLUNTEER', 'MARSHAL', 'EDITOR', 'SCHEDULER'] then
       raise exception 'a machine neither approves nor publishes nor manages' using errcode = 'TOC01';
     end if;
     if tg_op = 'UPDATE' and old.issuer = 'key' and (old.issuer, old.roles) is distinct from (new.issuer, new.roles) then
       raise exception 'a machine keeps its roles: make another key' using errcode = 'TOC01';
     end if;
     if (new.issuer = 'sealed' or tg_op = 'UPDATE' and old.issuer = 'sealed')
       and not (new.issuer = 'sealed' and coalesce(new.roles, '{}') <@ array['EDITOR', 'DUTY_OFFICER']) then
       raise exception 'a sealed key makes a duty officer, and nobody else' using errcode = 'TOC01';
     end if;
     return new;
   end $$`,

  // As before, and a sealed key.
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
       (select to_jsonb(k) - '{hash,previous_hash,last_used_at}'::text[] from api_key k where k.id = thing),
       (select to_jsonb(k) - '{hash,session_hash}'::text[] from sealed_key k where k.id = thing)
     ) as rows) as state
   $$`,
];
