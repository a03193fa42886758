import { Migration } from '@mikro-orm/migrations';

/**
 * Organisations stand behind accounts. The Département's own is made here, and every account, approval and person to come
 * belongs to it until an administrator says otherwise. PostgreSQL writes the organisation of an approval and keeps it (I-31),
 * and lets no account that may come in belong to one that is closed (I-32).
 */
export class M0045Organisations extends Migration {
  override async up(): Promise<void> {
    for (const statement of [...tables, ...functions, ...triggers]) this.addSql(statement);
  }
}

/** As `DEPARTEMENT_ID` of the hub. */
const DEPARTEMENT = '01900000-0000-7000-8000-000000000091';
const KINDS = `'DEPARTEMENT', 'SDIS', 'PREFECTURE', 'STATE_SERVICE', 'COMMUNE', 'INTERCOMMUNALITY', 'ASSOCIATION', 'NETWORK_OPERATOR'`;

const tables = [
  `create table "organisation" ("id" uuid not null, "version" int not null, "kind" text not null, "name" text not null, "short_name" text not null, "created_at" timestamptz(3) not null, "ended_at" timestamptz(3) null, primary key ("id"))`,
  `create unique index "organisation_name_unique" on "organisation" (lower("name")) where "ended_at" is null`,
  `alter table "organisation" add constraint "organisation_kind_check" check ("kind" in (${KINDS}))`,
  `insert into "organisation" values ('${DEPARTEMENT}', 1, 'DEPARTEMENT', 'Département de l’Essonne', 'Département', now(), null)`,

  `alter table "account" add column "organisation_id" uuid not null default '${DEPARTEMENT}'`,
  `alter table "account" add constraint "account_organisation_id_foreign" foreign key ("organisation_id") references "organisation" ("id")`,

  `alter table "invitation" add column "organisation_id" uuid null`,
  `alter table "invitation" add constraint "invitation_organisation_id_foreign" foreign key ("organisation_id") references "organisation" ("id") on delete set null`,

  // By a default that goes at once: an approval is never updated, and nobody belonged to anything else.
  `alter table "approval" add column "organisation" jsonb not null default '{"id": "${DEPARTEMENT}", "kind": "DEPARTEMENT", "name": "Département de l’Essonne", "shortName": "Département"}'`,
  `alter table "approval" alter column "organisation" drop default`,

  `alter table "dossier" add column "scheduled_by_id" uuid null`,
  `alter table "dossier" add constraint "dossier_scheduled_by_id_foreign" foreign key ("scheduled_by_id") references "account" ("id") on delete set null`,
];

const functions = [
  // Null for an account of nobody.
  `create function organisation_of(account uuid) returns jsonb language sql stable as $$
     select jsonb_build_object('id', o.id, 'kind', o.kind, 'name', o.name, 'shortName', o.short_name)
     from account a join organisation o on o.id = a.organisation_id where a.id = organisation_of.account
   $$`,

  `create function organisation_guard() returns trigger language plpgsql as $$
   begin
     if tg_op = 'DELETE' then
       raise exception 'an organisation is closed, never deleted' using errcode = 'TOC02';
     end if;
     if old.ended_at is not null or (new.id, new.kind, new.created_at) is distinct from (old.id, old.kind, old.created_at) then
       raise exception 'an organisation keeps its kind, and one that is closed stays as it is' using errcode = 'TOC02';
     end if;
     if new.ended_at is not null then
       if new.id = '${DEPARTEMENT}' then
         raise exception 'the organisation of the Département never closes' using errcode = 'TOC02';
       end if;
       if exists (select 1 from account where organisation_id = new.id and disabled_at is null) then
         raise exception 'accounts belong to this organisation (I-32)' using errcode = 'TOC01';
       end if;
       new.ended_at := now();
     end if;
     return new;
   end $$`,

  `create function account_organisation() returns trigger language plpgsql as $$
   begin
     -- That of the Département never closes: nobody has to look.
     if new.organisation_id = '${DEPARTEMENT}' or new.disabled_at is not null then
       return new;
     end if;
     if tg_op = 'UPDATE' and new.organisation_id = old.organisation_id and old.disabled_at is null then
       return new;
     end if;
     -- Locked, so that it does not close beside this.
     perform 1 from organisation where id = new.organisation_id and ended_at is null for share;
     if not found then
       raise exception 'this organisation is closed (I-32)' using errcode = 'TOC01';
     end if;
     return new;
   end $$`,

  `create function invitation_organisation() returns trigger language plpgsql as $$
   begin
     if new.organisation_id is distinct from old.organisation_id then
       raise exception 'an invitation never changes: withdraw it, and write another' using errcode = 'TOC02';
     end if;
     return new;
   end $$`,

  `create function approval_organisation() returns trigger language plpgsql as $$
   begin
     if tg_op = 'INSERT' then
       new.organisation := organisation_of(new.by_id);
     elsif new.organisation is distinct from old.organisation then
       raise exception 'an approval keeps the organisation of its moment (I-31)' using errcode = 'TOC02';
     end if;
     return new;
   end $$`,

  // As before, and an organisation.
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
       (select to_jsonb(k) - '{hash,session_hash}'::text[] from sealed_key k where k.id = thing),
       (select jsonb_agg(to_jsonb(q) order by q.id) from role_request q where q.account_id = thing),
       (select jsonb_agg(to_jsonb(v) - 'secret_hash' order by v.id) from invitation v where v.accepted_by_id = thing),
       (select to_jsonb(v) - 'secret_hash' from invitation v where v.id = thing),
       (select to_jsonb(g) from organisation g where g.id = thing)
     ) as rows) as state
   $$`,
];

const triggers = [
  `create trigger organisation_guard before update or delete on organisation for each row execute function organisation_guard()`,
  `create trigger account_organisation before insert or update on account for each row execute function account_organisation()`,
  `create trigger invitation_organisation before update on invitation for each row execute function invitation_organisation()`,
  `create trigger approval_organisation before insert or update on approval for each row execute function approval_organisation()`,
  // The schema comparison does not read TRUNCATE triggers back, so this one stands in the migration alone.
  `create trigger organisation_never_truncated before truncate on organisation for each statement execute function refuse_change()`,
];
