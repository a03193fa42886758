import { Migration } from '@mikro-orm/migrations';

/**
 * An account is known by its issuer and its subject, and may be disabled. PostgreSQL refuses the deeds of a disabled account,
 * whatever a hub has heard of it, and notifies every hub when an account is disabled or enabled.
 */
export class M0033DisabledAccounts extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  `alter table "account" add column "version" int not null default 1, add column "issuer" text not null default '', add column "disabled_at" timestamptz(3) null`,
  `alter table "account" alter column "version" drop default, alter column "issuer" drop default`,
  // Subjects were "https://issuer subject", "development:editor" and "tocsin:veille".
  `update account set
     issuer = split_part(subject, case when subject like '% %' then ' ' else ':' end, 1),
     subject = substr(subject, strpos(subject, case when subject like '% %' then ' ' else ':' end) + 1)
   where subject like '% %' or subject like '%:%'`,
  `alter table "account" drop constraint "account_subject_unique"`,
  `alter table "account" add constraint "account_identity_unique" unique ("issuer", "subject")`,

  `create function account_changed() returns trigger language plpgsql as $$
   begin
     if new.disabled_at is distinct from old.disabled_at then
       perform pg_notify('tocsin_account', new.id::text);
     end if;
     return null;
   end $$`,
  `create trigger account_changed after update on account for each row execute function account_changed()`,

  // Every mutation leaves an audit entry (I-14): where that is refused, all of it is rolled back (I-22).
  `create function audit_entry_actor() returns trigger language plpgsql as $$
   begin
     if exists (select 1 from account where id = new.actor and disabled_at is not null) then
       raise exception 'this account is disabled' using errcode = 'TOC01';
     end if;
     return new;
   end $$`,
  `create trigger audit_entry_actor before insert on audit_entry for each row execute function audit_entry_actor()`,

  // As before, and an account.
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
       (select to_jsonb(a) - 'name' from account a where a.id = thing)
     ) as rows) as state
   $$`,
];
