import { Migration } from '@mikro-orm/migrations';
import { alsoAudited } from './audit-state.ts';

/**
 * The written act behind an oral order, told without a revision. PostgreSQL lets it be told of what is public and not over, once
 * for each order, by nobody who wrote that order down, and together with its journal entry (I-66).
 */
export class M0066ConfirmedDecisions extends Migration {
  override async up(): Promise<void> {
    for (const statement of [...tables, ...functions, ...triggers, audited]) this.addSql(statement);
  }
}

const tables = [
  `create table "decision_confirmation" ("id" uuid not null, "dossier_id" uuid not null, "oral_order" jsonb not null, "act" text not null, "url" text null, "confirmed_at" timestamptz(3) not null, "by_id" uuid not null, "at" timestamptz(3) not null, primary key ("id"))`,
  `create unique index "decision_confirmation_once" on "decision_confirmation" ("dossier_id", "oral_order")`,
  `alter table "decision_confirmation" add constraint "decision_confirmation_dossier_id_foreign" foreign key ("dossier_id") references "dossier" ("id")`,
  `alter table "decision_confirmation" add constraint "decision_confirmation_by_id_foreign" foreign key ("by_id") references "account" ("id")`,
];

const functions = [
  // An order is the same while these three are: `oralOrderOf` says it to the hub.
  `create function oral_order_of(content jsonb) returns jsonb language sql immutable as $$
     select case when content->'decision'->>'form' = 'ORAL_ORDER' then jsonb_build_object(
       'authority', content->'decision'->'authority',
       'by', content->'decision'->'by',
       'decidedAt', content->'decision'->'decidedAt') end
   $$`,

  // Whether an account wrote or changed a revision that was published with this order.
  `create function wrote_order(thread uuid, given jsonb, account uuid) returns boolean language sql stable as $$
     select exists (
       select 1 from revision r join revision_editor e on e.revision_id = r.id
       where r.dossier_id = thread and r.published_at is not null and e.account_id = account
         and oral_order_of(r.content) = given)
   $$`,

  // The order of the live revision, and the act by which it was confirmed; null where it was not.
  `create function confirmed_order(thread uuid) returns jsonb language sql stable as $$
     select jsonb_build_object('order', c.oral_order, 'act', c.act)
     from decision_confirmation c join publication p on p.id = c.dossier_id join revision r on r.id = p.live_revision_id
     where c.dossier_id = thread and c.oral_order = oral_order_of(r.content)
   $$`,

  `create function decision_confirmation_guard() returns trigger language plpgsql as $$
   declare
     live jsonb;
   begin
     if tg_op <> 'INSERT' then
       raise exception 'the confirmation of an order stays as it was told (I-66)' using errcode = 'TOC02';
     end if;
     perform 1 from publication where id = new.dossier_id for update;
     select r.content into live from publication p join revision r on r.id = p.live_revision_id
       where p.id = new.dossier_id and not p.closed;
     new.oral_order := oral_order_of(live);
     if new.oral_order is null then
       raise exception 'an oral order is confirmed while it is public and not over (I-66)' using errcode = 'TOC01';
     end if;
     if wrote_order(new.dossier_id, new.oral_order, new.by_id) then
       raise exception 'nobody confirms an order that they wrote down (I-66)' using errcode = 'TOC01';
     end if;
     return new;
   end $$`,

  // Runs at commit.
  `create function decision_confirmation_told() returns trigger language plpgsql as $$
   begin
     if not exists (select 1 from journal_entry
       where subject = new.dossier_id and type = 'DECISION_CONFIRMED' and at = new.at) then
       raise exception 'an order is confirmed only together with its journal entry (I-66)' using errcode = 'TOC03';
     end if;
     return null;
   end $$`,
];

const triggers = [
  `create trigger decision_confirmation_guard before insert or update or delete on decision_confirmation for each row execute function decision_confirmation_guard()`,
  `create constraint trigger decision_confirmation_told after insert on decision_confirmation deferrable initially deferred for each row execute function decision_confirmation_told()`,
  // The schema comparison does not read TRUNCATE triggers back, so this stands in the migration alone.
  `create trigger decision_confirmation_never_truncated before truncate on decision_confirmation for each statement execute function refuse_change()`,
];

// As it stands, and the confirmations of a dossier.
const audited = alsoAudited(
  `(select jsonb_agg(to_jsonb(x) order by x.id) from decision_confirmation x where x.dossier_id = thing)`,
);
