import { Migration } from '@mikro-orm/migrations';
import { alsoAudited } from './audit-state.ts';

/**
 * Flashes: that a report tells of a life at stake, for the Sdis. PostgreSQL numbers them without a gap, one a report, keeps what
 * was sent and answered (I-63), and ends the call about a flash with its answer (I-51).
 */
export class M0069Flashes extends Migration {
  override async up(): Promise<void> {
    for (const statement of [...tables, ...functions, ...triggers, audited]) this.addSql(statement);
  }
}

const REASONS = `'REVIEW', 'SIGNATURE', 'COSIGN', 'ESCALATED', 'FLASH', 'ENDS_SOON', 'SOURCE_FAULT', 'TEST'`;

const tables = [
  `create table "flash" ("id" uuid not null, "number" int not null, "report_id" uuid not null, "incident_id" uuid null, "mode" text not null, "to_id" uuid null, "what" text not null, "place" text not null, "emergency_called" text not null, "sent_by_id" uuid not null, "sent_at" timestamptz(3) not null, "answer" text null, "remark" text null, "answered_by_id" uuid null, "answered_at" timestamptz(3) null, "withdrawn_for" text null, "withdrawn_by_id" uuid null, "withdrawn_at" timestamptz(3) null, primary key ("id"))`,
  `alter table "flash" add constraint "flash_number_unique" unique ("number")`,
  `alter table "flash" add constraint "flash_report_id_unique" unique ("report_id")`,
  `create index "flash_sent_index" on "flash" ("sent_at", "id")`,
  `create index "flash_incident_index" on "flash" ("incident_id")`,
  `alter table "flash" add constraint "flash_mode_check" check ("mode" in ('ACTUAL', 'EXERCISE', 'TEST'))`,
  `alter table "flash" add constraint "flash_emergency_called_check" check ("emergency_called" in ('BY_US', 'BY_WITNESS', 'NOT_YET', 'NOT_KNOWN'))`,
  `alter table "flash" add constraint "flash_answer_check" check ("answer" in ('TAKEN', 'KNOWN_ALREADY', 'NOT_FOUND', 'NOT_FOR_US'))`,
  `alter table "flash" add constraint "flash_answered_check" check ((answer is null) = (answered_at is null) and (answer is null) = (answered_by_id is null) and (remark is null or answer is not null))`,
  `alter table "flash" add constraint "flash_withdrawn_check" check ((withdrawn_at is null) = (withdrawn_by_id is null) and (withdrawn_at is null) = (withdrawn_for is null) and (withdrawn_at is null or answer is null))`,
  `alter table "flash" add constraint "flash_report_id_foreign" foreign key ("report_id") references "report" ("id")`,
  `alter table "flash" add constraint "flash_incident_id_foreign" foreign key ("incident_id") references "incident" ("id") on delete set null`,
  `alter table "flash" add constraint "flash_to_id_foreign" foreign key ("to_id") references "organisation" ("id") on delete set null`,
  `alter table "flash" add constraint "flash_sent_by_id_foreign" foreign key ("sent_by_id") references "account" ("id")`,
  `alter table "flash" add constraint "flash_answered_by_id_foreign" foreign key ("answered_by_id") references "account" ("id") on delete set null`,
  `alter table "flash" add constraint "flash_withdrawn_by_id_foreign" foreign key ("withdrawn_by_id") references "account" ("id") on delete set null`,

  `create table "flash_head" ("id" int not null, "number" int not null, primary key ("id"))`,
  `insert into "flash_head" values (1, 0)`,

  `alter table "call" drop constraint "call_reason_check"`,
  `alter table "call" add constraint "call_reason_check" check ("reason" in (${REASONS}))`,
];

const functions = [
  // With the rights of the owner, so that the role of a hub needs none to change the head. The head stays locked until the commit
  // is visible, so what is rolled back leaves no gap.
  `create function flash_stamp() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
   begin
     if new.number is not null then
       raise exception 'flashes are numbered here, never given a number (I-63)' using errcode = 'TOC02';
     end if;
     update flash_head set number = number + 1 where id = 1 returning number into strict new.number;
     return new;
   end $$`,

  // The words may still lose the people in them.
  `create function flash_kept() returns trigger language plpgsql as $$
   begin
     if tg_op = 'DELETE' then
       raise exception 'a flash stays on record (I-63)' using errcode = 'TOC02';
     end if;
     if (new.id, new.number, new.report_id, new.incident_id, new.mode, new.to_id, new.emergency_called, new.sent_by_id, new.sent_at)
       is distinct from (old.id, old.number, old.report_id, old.incident_id, old.mode, old.to_id, old.emergency_called, old.sent_by_id, old.sent_at) then
       raise exception 'a flash stays as it was sent (I-63)' using errcode = 'TOC02';
     end if;
     if (old.answered_at is not null or old.withdrawn_at is not null)
       and (new.answer, new.answered_by_id, new.answered_at, new.withdrawn_by_id, new.withdrawn_at)
         is distinct from (old.answer, old.answered_by_id, old.answered_at, old.withdrawn_by_id, old.withdrawn_at) then
       raise exception 'a flash that was answered or withdrawn stays so (I-63)' using errcode = 'TOC02';
     end if;
     return new;
   end $$`,

  `create function flash_ends_calls() returns trigger language plpgsql as $$
   begin
     if (old.answered_at is null and new.answered_at is not null)
       or (old.withdrawn_at is null and new.withdrawn_at is not null) then
       update call set ended_at = greatest(started_at, coalesce(new.answered_at, new.withdrawn_at)), due_at = null,
           state = case when new.answered_at is null then 'LAPSED' else 'DONE' end
         where report_id = new.report_id and reason = 'FLASH' and ended_at is null;
     end if;
     return null;
   end $$`,
];

const triggers = [
  `create trigger flash_stamp before insert on flash for each row execute function flash_stamp()`,
  `create trigger flash_kept before update or delete on flash for each row execute function flash_kept()`,
  `create trigger flash_ends_calls after update on flash for each row execute function flash_ends_calls()`,
  // The schema comparison does not read TRUNCATE triggers back, so these stand in the migration alone.
  `create trigger flash_never_truncated before truncate on flash for each statement execute function refuse_change()`,
  `create trigger flash_head_never_truncated before truncate on flash_head for each statement execute function refuse_change()`,
];

// As it stands, and a flash.
const audited = alsoAudited('(select to_jsonb(f) from flash f where f.id = thing)');
