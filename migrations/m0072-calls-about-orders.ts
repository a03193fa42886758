import { Migration } from '@mikro-orm/migrations';

/** The call about an oral order whose act is awaited, and how it ends: confirmed, over, or another decision is public (I-51). */
export class M0072CallsAboutOrders extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  // Reasons that other migrations added stay.
  `do $do$
   declare
     known text := (select pg_get_constraintdef(oid) from pg_constraint
       where conrelid = 'call'::regclass and conname = 'call_reason_check');
     more text := replace(known, $$'ENDS_SOON'::text$$, $$'ENDS_SOON'::text, 'DECISION_UNCONFIRMED'::text$$);
   begin
     if more = known then
       raise exception 'call_reason_check is not as this migration knows it';
     end if;
     alter table "call" drop constraint "call_reason_check";
     execute 'alter table "call" add constraint "call_reason_check" ' || more;
   end $do$`,

  `create index "revision_oral_order_index" on "revision" ("dossier_id") where "published_at" is not null and "content"->'decision'->>'form' = 'ORAL_ORDER'`,

  // Whether an oral order is in force whose act nobody has told.
  `create function awaits_act(thread uuid) returns boolean language sql stable as $$
     select exists (
       select 1 from publication p join revision r on r.id = p.live_revision_id
       where p.id = thread and p.announced = 'IN_FORCE' and not p.closed
         and oral_order_of(r.content) is not null and confirmed_order(thread) is null)
   $$`,

  `create function publication_ends_order_calls() returns trigger language plpgsql as $$
   declare
     is_over boolean := new.closed or new.announced in ('ENDED', 'CANCELLED');
   begin
     if is_over or new.live_revision_id <> old.live_revision_id then
       update call set ended_at = greatest(started_at, new.updated_at), due_at = null, state = 'DONE'
         where dossier_id = new.id and reason = 'DECISION_UNCONFIRMED' and ended_at is null and (is_over
           or (select oral_order_of(content) from revision where id = new.live_revision_id) is distinct from
             (select oral_order_of(content) from revision where id = old.live_revision_id));
     end if;
     return null;
   end $$`,
  `create trigger publication_ends_order_calls after update on publication for each row execute function publication_ends_order_calls()`,

  `create function decision_confirmation_ends_calls() returns trigger language plpgsql as $$
   begin
     update call set ended_at = greatest(started_at, new.at), due_at = null, state = 'DONE'
       where dossier_id = new.dossier_id and reason = 'DECISION_UNCONFIRMED' and ended_at is null;
     return null;
   end $$`,
  `create trigger decision_confirmation_ends_calls after insert on decision_confirmation for each row execute function decision_confirmation_ends_calls()`,
];
