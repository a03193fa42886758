import { Migration } from '@mikro-orm/migrations';

/** Since when a watched feed cannot be read, and the call about it, which ends once the feed is read again (I-51). */
export class M0058CallsAboutSources extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  `alter table "watcher" add column "failing_since" timestamptz(3) null`,
  `update watcher set failing_since = coalesce(looked_at, now()) where failures > 0`,
  `create function watcher_failing() returns trigger language plpgsql as $$
   begin
     new.failing_since := case when new.failures > 0 then coalesce(old.failing_since, new.looked_at, now()) end;
     return new;
   end $$`,
  `create trigger watcher_failing before update on watcher for each row execute function watcher_failing()`,

  `alter table "call" add column "watcher_id" uuid null`,
  `alter table "call" add constraint "call_watcher_id_foreign" foreign key ("watcher_id") references "watcher" ("id") on delete cascade`,
  `alter table "call_step" drop constraint "call_step_call_id_foreign"`,
  `alter table "call_step" add constraint "call_step_call_id_foreign" foreign key ("call_id") references "call" ("id") on delete cascade`,
  `create index "call_watcher_index" on "call" ("watcher_id")`,
  `drop index "call_open_unique"`,
  `create unique index "call_open_unique" on "call" ("reason", coalesce("dossier_id", "report_id", "watcher_id", "target_id")) where "ended_at" is null`,
  `alter table "call" drop constraint "call_subject_check"`,
  `alter table "call" add constraint "call_subject_check" check (num_nonnulls(dossier_id, report_id, watcher_id, target_id) = 1)`,
  `alter table "call" drop constraint "call_reason_check"`,
  `alter table "call" add constraint "call_reason_check" check ("reason" in ('REVIEW', 'COSIGN', 'ESCALATED', 'ENDS_SOON', 'SOURCE_FAULT', 'TEST'))`,

  `create function watcher_ends_calls() returns trigger language plpgsql as $$
   begin
     if old.failures > 0 and new.failures = 0 then
       update call set ended_at = greatest(started_at, new.looked_at), due_at = null, state = 'DONE'
         where watcher_id = new.id and ended_at is null;
     end if;
     return null;
   end $$`,
  `create trigger watcher_ends_calls after update on watcher for each row execute function watcher_ends_calls()`,
];
