import { Migration } from '@mikro-orm/migrations';

/**
 * An account has roles of its own. PostgreSQL notifies every hub when they change, as when the account is disabled, and refuses
 * the deeds of a hub that has not heard yet that a role was taken away (I-25).
 */
export class M0040RolesOfAccounts extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  // Null: nobody has decided yet what the account may do.
  `alter table "account" add column "roles" text[] null`,

  `create or replace function account_changed() returns trigger language plpgsql as $$
   begin
     if (new.disabled_at, new.roles) is distinct from (old.disabled_at, old.roles) then
       perform pg_notify('tocsin_account', new.id::text);
     end if;
     return null;
   end $$`,

  // Called in the statement that writes the audit entry, so all of a deed is rolled back; without roles it holds nothing.
  `create function hold_roles(actor uuid, acted_by text[]) returns boolean language plpgsql stable as $$
   begin
     if acted_by is not null and not exists (select 1 from account where id = actor and roles @> acted_by) then
       raise exception 'a role was taken from this account' using errcode = 'TOC01';
     end if;
     return true;
   end $$`,
];
