import { Migration } from '@mikro-orm/migrations';
import { alsoAudited } from './audit-state.ts';

/**
 * Calls to what waits for a decision. One is open for a reason and a subject, and is never rung for the account that caused it
 * (I-50). The deed that a call waits for ends it in its own transaction (I-51): triggers on dossiers, publications and
 * reports see to it, whichever command wrote them.
 */
export class M0057Calls extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const SEVERITIES = `'UNKNOWN', 'MINOR', 'MODERATE', 'SEVERE', 'EXTREME'`;

const statements = [
  `create table "call" ("id" uuid not null, "reason" text not null, "dossier_id" uuid null, "report_id" uuid null, "target_id" uuid null, "incident_id" uuid null, "mode" text not null, "severity" text null, "state" text not null, "caused_by_id" uuid null, "started_at" timestamptz(3) not null, "rung" int not null, "exhausted_rung" int null, "due_at" timestamptz(3) null, "taken_by_id" uuid null, "taken_until" timestamptz(3) null, "note" text null, "ended_at" timestamptz(3) null, primary key ("id"))`,
  `create unique index "call_open_unique" on "call" ("reason", coalesce("dossier_id", "report_id", "target_id")) where "ended_at" is null`,
  `create index "call_due_index" on "call" ("due_at") where "due_at" is not null`,
  `create index "call_started_index" on "call" ("started_at", "id")`,
  `create index "call_dossier_index" on "call" ("dossier_id")`,
  `create index "call_report_index" on "call" ("report_id")`,
  `alter table "call" add constraint "call_reason_check" check ("reason" in ('REVIEW', 'COSIGN', 'ESCALATED', 'ENDS_SOON', 'TEST'))`,
  `alter table "call" add constraint "call_mode_check" check ("mode" in ('ACTUAL', 'EXERCISE', 'TEST'))`,
  `alter table "call" add constraint "call_severity_check" check ("severity" in (${SEVERITIES}))`,
  `alter table "call" add constraint "call_state_check" check ("state" in ('RINGING', 'TAKEN', 'DONE', 'LAPSED', 'EXHAUSTED'))`,
  `alter table "call" add constraint "call_subject_check" check (num_nonnulls(dossier_id, report_id, target_id) = 1)`,
  `alter table "call" add constraint "call_dossier_id_foreign" foreign key ("dossier_id") references "dossier" ("id") on delete set null`,
  `alter table "call" add constraint "call_report_id_foreign" foreign key ("report_id") references "report" ("id") on delete set null`,
  `alter table "call" add constraint "call_target_id_foreign" foreign key ("target_id") references "account" ("id") on delete set null`,
  `alter table "call" add constraint "call_incident_id_foreign" foreign key ("incident_id") references "incident" ("id") on delete set null`,
  `alter table "call" add constraint "call_caused_by_id_foreign" foreign key ("caused_by_id") references "account" ("id") on delete set null`,
  `alter table "call" add constraint "call_taken_by_id_foreign" foreign key ("taken_by_id") references "account" ("id") on delete set null`,

  `create table "call_step" ("id" uuid not null, "call_id" uuid not null, "account_id" uuid not null, "way" text not null, "rung" int not null, "at" timestamptz(3) not null, "outcome" text not null, primary key ("id"))`,
  `create index "call_step_call_index" on "call_step" ("call_id")`,
  `create index "call_step_account_index" on "call_step" ("account_id")`,
  `alter table "call_step" add constraint "call_step_way_check" check ("way" in ('DESK'))`,
  `alter table "call_step" add constraint "call_step_outcome_check" check ("outcome" in ('ACCEPTED', 'ANSWERED'))`,
  `alter table "call_step" add constraint "call_step_call_id_foreign" foreign key ("call_id") references "call" ("id")`,
  `alter table "call_step" add constraint "call_step_account_id_foreign" foreign key ("account_id") references "account" ("id")`,

  // The lock waits for a deed that is about to end the call, and keeps it from ending while the step is written.
  `create function call_step_guard() returns trigger language plpgsql as $$
   begin
     perform 1 from call c where c.id = new.call_id and c.ended_at is null for share;
     if not found then
       raise exception 'nobody is rung for a call that has ended (I-51)' using errcode = 'TOC02';
     end if;
     if exists (select 1 from call c where c.id = new.call_id and c.caused_by_id = new.account_id) then
       raise exception 'nobody is called to what they caused (I-50)' using errcode = 'TOC01';
     end if;
     return new;
   end $$`,
  `create trigger call_step_guard before insert or update on call_step for each row execute function call_step_guard()`,

  `create function call_stays_ended() returns trigger language plpgsql as $$
   begin
     if old.ended_at is not null then
       raise exception 'a call that has ended stays so (I-51)' using errcode = 'TOC02';
     end if;
     return new;
   end $$`,
  `create trigger call_stays_ended before update on call for each row execute function call_stays_ended()`,

  `create function dossier_ends_calls() returns trigger language plpgsql as $$
   begin
     if old.stage = 'IN_REVIEW' and new.stage <> 'IN_REVIEW' then
       update call set ended_at = new.updated_at, due_at = null, state = case
           when new.stage in ('APPROVED', 'CHANGES_REQUESTED') or new.cosign_due_at is distinct from old.cosign_due_at
           then 'DONE' else 'LAPSED' end
         where dossier_id = new.id and reason = 'REVIEW' and ended_at is null;
     end if;
     if old.cosign_due_at is not null and new.cosign_due_at is null then
       update call set ended_at = new.updated_at, due_at = null, state = 'DONE'
         where dossier_id = new.id and reason = 'COSIGN' and ended_at is null;
     end if;
     return null;
   end $$`,
  `create trigger dossier_ends_calls after update on dossier for each row execute function dossier_ends_calls()`,

  `create function publication_ends_calls() returns trigger language plpgsql as $$
   declare
     is_over boolean := new.closed or new.announced in ('ENDED', 'CANCELLED');
   begin
     if (is_over and not old.closed and old.announced not in ('ENDED', 'CANCELLED'))
       or new.ends_at is distinct from old.ends_at then
       update call set ended_at = new.updated_at, due_at = null,
           state = case reason when 'COSIGN' then 'LAPSED' else 'DONE' end
         where dossier_id = new.id and ended_at is null and (reason = 'ENDS_SOON' or (is_over and reason = 'COSIGN'));
     end if;
     return null;
   end $$`,
  `create trigger publication_ends_calls after update on publication for each row execute function publication_ends_calls()`,

  `create function report_ends_calls() returns trigger language plpgsql as $$
   begin
     if old.closed_at is null and new.closed_at is not null then
       update call set ended_at = new.closed_at, due_at = null, state = 'DONE'
         where report_id = new.id and reason = 'ESCALATED' and ended_at is null;
     end if;
     return null;
   end $$`,
  `create trigger report_ends_calls after update on report for each row execute function report_ends_calls()`,

  // A dossier that is written on a report decides what becomes of it.
  `create function dossier_report_ends_calls() returns trigger language plpgsql as $$
   begin
     update call set ended_at = (select updated_at from dossier where id = new.dossier_id), due_at = null, state = 'DONE'
       where report_id = new.report_id and reason = 'ESCALATED' and ended_at is null;
     return null;
   end $$`,
  `create trigger dossier_report_ends_calls after insert on dossier_report for each row execute function dossier_report_ends_calls()`,

  // As it stands, and a call with all that were rung.
  alsoAudited(
    '(select to_jsonb(c) from call c where c.id = thing)',
    '(select jsonb_agg(to_jsonb(s) order by s.id) from call_step s where s.call_id = thing)',
  ),
];
