import { Migration } from '@mikro-orm/migrations';

/**
 * Roles are given by invitations and by requests that a second administrator approves. PostgreSQL holds that VALIDATOR,
 * DUTY_OFFICER and ADMIN come from two of them, neither of whom gets the roles (I-29), and that the last administrator stays
 * one (I-30). Each gift is used once: a trigger marks it as the roles reach the account.
 */
export class M0044Invitations extends Migration {
  override async up(): Promise<void> {
    for (const statement of [...tables, ...functions, ...triggers]) this.addSql(statement);
  }
}

const tables = [
  `create table "invitation" ("id" uuid not null, "version" int not null, "name" text not null, "roles" text[] not null, "secret_hash" text not null, "invited_by_id" uuid null, "invited_at" timestamptz(3) not null, "expires_at" timestamptz(3) not null, "approved_by_id" uuid null, "approved_at" timestamptz(3) null, "withdrawn_by_id" uuid null, "withdrawn_at" timestamptz(3) null, "accepted_by_id" uuid null, "accepted_at" timestamptz(3) null, "given_at" timestamptz(3) null, primary key ("id"))`,
  `create index "invitation_accepted_index" on "invitation" ("accepted_by_id")`,
  `alter table "invitation" add constraint "invitation_secret_unique" unique ("secret_hash")`,
  ...['invited', 'approved', 'withdrawn', 'accepted'].map(
    (done) =>
      `alter table "invitation" add constraint "invitation_${done}_by_id_foreign" foreign key ("${done}_by_id") references "account" ("id") on delete set null`,
  ),
  `create table "role_request" ("id" uuid not null, "account_id" uuid not null, "roles" text[] not null, "asked_by_id" uuid not null, "asked_at" timestamptz(3) not null, "approved_by_id" uuid null, "approved_at" timestamptz(3) null, "withdrawn_at" timestamptz(3) null, "given_at" timestamptz(3) null, primary key ("id"))`,
  `create unique index "role_request_open_unique" on "role_request" ("account_id") where "withdrawn_at" is null and "given_at" is null`,
  `create index "role_request_account_index" on "role_request" ("account_id")`,
  `alter table "role_request" add constraint "role_request_account_id_foreign" foreign key ("account_id") references "account" ("id")`,
  `alter table "role_request" add constraint "role_request_asked_by_id_foreign" foreign key ("asked_by_id") references "account" ("id")`,
  `alter table "role_request" add constraint "role_request_approved_by_id_foreign" foreign key ("approved_by_id") references "account" ("id") on delete set null`,
];

const functions = [
  `create function guarded_among(roles text[]) returns text[] language sql immutable as $$
     select array(select unnest(roles) intersect select unnest(array['VALIDATOR', 'DUTY_OFFICER', 'ADMIN']))
   $$`,

  // Where roles come with tokens, PostgreSQL does not know who is an administrator: an account without roles passes.
  `create function may_vouch(administrator uuid) returns boolean language sql stable as $$
     select administrator is null or exists (
       select 1 from account where id = administrator and disabled_at is null and (roles is null or 'ADMIN' = any(roles)))
   $$`,

  // Administrators who can still come in, beside one account; personas of development are counted apart.
  `create function other_administrators(beside uuid, of_development boolean) returns bigint language sql volatile as $$
     select count(*) from account
     where id <> beside and 'ADMIN' = any(roles) and disabled_at is null and (issuer = 'development') = of_development
   $$`,

  `create function account_roles() returns trigger language plpgsql as $$
   declare
     held text[] := '{}';
     gained text[];
   begin
     if tg_op = 'UPDATE' then
       if 'ADMIN' = any(old.roles) and old.disabled_at is null
         and (new.disabled_at is not null or not coalesce('ADMIN' = any(new.roles), false)) then
         -- Two who are taken away at the same moment come here one after the other.
         perform pg_advisory_xact_lock(hashtext('tocsin administrators'));
         if other_administrators(new.id, new.issuer = 'development') = 0 then
           raise exception 'this is the last ADMIN who can come in (I-30)' using errcode = 'TOC01';
         end if;
       end if;
       -- Whoever was disabled gets them back as they got them at first.
       if old.disabled_at is null or new.disabled_at is not null then
         held := coalesce(old.roles, '{}');
       end if;
     end if;
     gained := array(select unnest(guarded_among(new.roles)) except select unnest(held));
     if gained = '{}' then
       return new;
     end if;
     -- A persona, at its first visit.
     if new.issuer = 'development' and (tg_op = 'INSERT' or old.roles is null) then
       return new;
     end if;
     -- A key that was sealed on the machine; account_of_machine says which roles it gives.
     if new.issuer = 'sealed' and exists (select 1 from sealed_key where account_id = new.id and withdrawn_at is null) then
       return new;
     end if;
     update invitation set given_at = now() where accepted_by_id = new.id and given_at is null and roles @> gained;
     if found then
       return new;
     end if;
     update role_request set given_at = now()
     where account_id = new.id and approved_by_id is not null and withdrawn_at is null and given_at is null and roles @> gained;
     if not found then
       raise exception 'VALIDATOR, DUTY_OFFICER and ADMIN come from two administrators (I-29)' using errcode = 'TOC01';
     end if;
     return new;
   end $$`,

  `create function invitation_guard() returns trigger language plpgsql as $$
   begin
     if tg_op = 'DELETE' then
       raise exception 'an invitation is withdrawn, never deleted' using errcode = 'TOC02';
     end if;
     if tg_op = 'INSERT' then
       if new.roles = '{}' or coalesce(new.approved_by_id, new.withdrawn_by_id, new.accepted_by_id) is not null
         or coalesce(new.withdrawn_at, new.given_at) is not null then
         raise exception 'an invitation begins with roles, and open' using errcode = 'TOC02';
       end if;
       new.invited_at := now();
       new.expires_at := now() + interval '7 days';
       return new;
     end if;
     if (new.id, new.name, new.roles, new.secret_hash, new.invited_by_id, new.invited_at, new.expires_at)
         is distinct from (old.id, old.name, old.roles, old.secret_hash, old.invited_by_id, old.invited_at, old.expires_at)
       or (old.approved_by_id is not null and new.approved_by_id is distinct from old.approved_by_id)
       or (old.accepted_by_id is not null and new.accepted_by_id is distinct from old.accepted_by_id)
       or (old.withdrawn_at is not null and new.withdrawn_at is distinct from old.withdrawn_at)
       or (old.given_at is not null and new.given_at is distinct from old.given_at)
       or (new.given_at is not null and new.accepted_by_id is null) then
       raise exception 'an invitation never changes: withdraw it, and write another' using errcode = 'TOC02';
     end if;
     if new.approved_by_id is distinct from old.approved_by_id then
       if new.invited_by_id is null or new.approved_by_id = new.invited_by_id then
         raise exception 'an ADMIN does not approve an invitation of their own (I-29)' using errcode = 'TOC01';
       end if;
       new.approved_at := now();
     end if;
     if new.withdrawn_at is distinct from old.withdrawn_at then
       new.withdrawn_at := now();
     end if;
     if new.accepted_by_id is distinct from old.accepted_by_id then
       perform invitation_demand_open(new);
       new.accepted_at := now();
     end if;
     return new;
   end $$`,

  `create function invitation_demand_open(one invitation) returns void language plpgsql as $$
   begin
     -- The time of this moment, and not of the transaction, which may have waited.
     if one.withdrawn_at is not null or clock_timestamp() >= one.expires_at then
       raise exception 'this invitation is no longer open' using errcode = 'TOC02';
     end if;
     if one.accepted_by_id = one.invited_by_id or one.accepted_by_id = one.approved_by_id then
       raise exception 'nobody accepts an invitation that they gave (I-29)' using errcode = 'TOC01';
     end if;
     if one.invited_by_id is null then
       perform pg_advisory_xact_lock(hashtext('tocsin administrators'));
       if other_administrators(one.accepted_by_id, false) >= 2 then
         raise exception 'two administrators are there: they invite' using errcode = 'TOC01';
       end if;
     elsif guarded_among(one.roles) <> '{}' and one.approved_by_id is null then
       raise exception 'a second administrator has not approved this invitation (I-29)' using errcode = 'TOC01';
     end if;
     if not (may_vouch(one.invited_by_id) and may_vouch(one.approved_by_id)) then
       raise exception 'who gave this invitation is no ADMIN any more' using errcode = 'TOC01';
     end if;
   end $$`,

  `create function role_request_guard() returns trigger language plpgsql as $$
   begin
     if tg_op = 'DELETE' then
       raise exception 'a request for roles is withdrawn, never deleted' using errcode = 'TOC02';
     end if;
     if new.account_id = new.asked_by_id or new.account_id = new.approved_by_id then
       raise exception 'nobody gives themselves roles (I-29)' using errcode = 'TOC01';
     end if;
     if tg_op = 'INSERT' then
       if new.approved_by_id is not null or coalesce(new.withdrawn_at, new.given_at) is not null then
         raise exception 'a request for roles begins open' using errcode = 'TOC02';
       end if;
       new.asked_at := now();
       return new;
     end if;
     if (new.id, new.account_id, new.roles, new.asked_by_id, new.asked_at)
         is distinct from (old.id, old.account_id, old.roles, old.asked_by_id, old.asked_at)
       or (old.approved_by_id is not null and new.approved_by_id is distinct from old.approved_by_id)
       or (old.withdrawn_at is not null and new.withdrawn_at is distinct from old.withdrawn_at)
       or (old.given_at is not null and new.given_at is distinct from old.given_at)
       or (new.given_at is not null and new.approved_by_id is null) then
       raise exception 'a request for roles never changes' using errcode = 'TOC02';
     end if;
     if new.approved_by_id is distinct from old.approved_by_id then
       if new.approved_by_id = new.asked_by_id or not may_vouch(new.asked_by_id) or new.withdrawn_at is not null then
         raise exception 'an ADMIN approves what another one asked for, who is still there (I-29)' using errcode = 'TOC01';
       end if;
       new.approved_at := now();
     end if;
     if new.withdrawn_at is distinct from old.withdrawn_at then
       new.withdrawn_at := now();
     end if;
     return new;
   end $$`,

  // As before, and what was asked for an account, and an invitation.
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
       (select to_jsonb(v) - 'secret_hash' from invitation v where v.id = thing)
     ) as rows) as state
   $$`,
];

const triggers = [
  `create trigger account_roles before insert or update on account for each row execute function account_roles()`,
  `create trigger invitation_guard before insert or update or delete on invitation for each row execute function invitation_guard()`,
  `create trigger role_request_guard before insert or update or delete on role_request for each row execute function role_request_guard()`,
  // The schema comparison does not read TRUNCATE triggers back, so these stand in the migration alone.
  ...['invitation', 'role_request'].map(
    (table) =>
      `create trigger ${table}_never_truncated before truncate on ${table} for each statement execute function refuse_change()`,
  ),
];
