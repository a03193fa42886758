import { Migration } from '@mikro-orm/migrations';
import { alsoAudited } from './audit-state.ts';

/**
 * Questions: reports of category QUESTION, in groups that are answered together. PostgreSQL holds that none is ever found true or
 * false, and that only a question is in a group (I-53).
 */
export class M0063Questions extends Migration {
  override async up(): Promise<void> {
    for (const statement of [...table, ...reports, conclusions, audited]) this.addSql(statement);
  }
}

const table = [
  `create table "question_group" ("id" uuid not null, "version" int not null, "title" text not null, "state" text not null, "incident_id" uuid null, "opened_by_id" uuid not null, "opened_at" timestamptz(3) not null, "answer_id" uuid null, "answer_entry_id" uuid null, "redirected_to_id" uuid null, "note" text null, "decided_by_id" uuid null, "decided_at" timestamptz(3) null, primary key ("id"))`,
  `create index "question_group_opened_index" on "question_group" ("opened_at", "id")`,
  `alter table "question_group" add constraint "question_group_state_check" check ("state" in ('OPEN', 'ANSWERED', 'REDIRECTED', 'DROPPED'))`,
  `alter table "question_group" add constraint "question_group_answer_check" check ((state = 'ANSWERED') = (answer_id is not null) and (answer_id is null) = (answer_entry_id is null))`,
  `alter table "question_group" add constraint "question_group_redirected_check" check ((state = 'REDIRECTED') = (redirected_to_id is not null))`,
  `alter table "question_group" add constraint "question_group_decided_check" check ((state = 'OPEN') = (decided_at is null) and (decided_at is null) = (decided_by_id is null))`,
  `alter table "question_group" add constraint "question_group_incident_id_foreign" foreign key ("incident_id") references "incident" ("id") on delete set null`,
  `alter table "question_group" add constraint "question_group_opened_by_id_foreign" foreign key ("opened_by_id") references "account" ("id")`,
  `alter table "question_group" add constraint "question_group_answer_id_foreign" foreign key ("answer_id") references "publication" ("id") on delete set null`,
  `alter table "question_group" add constraint "question_group_redirected_to_id_foreign" foreign key ("redirected_to_id") references "organisation" ("id") on delete set null`,
  `alter table "question_group" add constraint "question_group_decided_by_id_foreign" foreign key ("decided_by_id") references "account" ("id") on delete set null`,
];

const reports = [
  `alter table "report" add column "question_group_id" uuid null`,
  `create index "report_question_index" on "report" ("question_group_id", "submitted_at", "id")`,
  `alter table "report" drop constraint "report_state_check"`,
  `alter table "report" add constraint "report_state_check" check ("state" in ('NEW', 'CLAIMED', 'CONFIRMED', 'PARTLY_CONFIRMED', 'UNVERIFIABLE', 'REFUTED', 'OUTDATED', 'ANSWERED', 'DUPLICATE', 'NOT_USEFUL'))`,
  `alter table "conclusion" drop constraint "conclusion_state_check"`,
  `alter table "conclusion" add constraint "conclusion_state_check" check ("state" in ('CONFIRMED', 'PARTLY_CONFIRMED', 'UNVERIFIABLE', 'REFUTED', 'OUTDATED', 'ANSWERED', 'DUPLICATE', 'NOT_USEFUL'))`,
  // The word had no meaning before: what was checked keeps its conclusion, and is no question; what is open can be grouped.
  `update report set category = 'Question' where category = 'QUESTION' and state not in ('NEW', 'CLAIMED', 'DUPLICATE', 'NOT_USEFUL')`,
  `update report set category = 'QUESTION' where upper(category) = 'QUESTION' and state in ('NEW', 'CLAIMED')`,
  `alter table "report" add constraint "report_question_check" check (coalesce(category, '') <> 'QUESTION' or state in ('NEW', 'CLAIMED', 'ANSWERED', 'DUPLICATE', 'NOT_USEFUL'))`,
  `alter table "report" add constraint "report_grouped_check" check (coalesce(category, '') = 'QUESTION' or (question_group_id is null and state <> 'ANSWERED'))`,
  `alter table "report" add constraint "report_answered_check" check (state <> 'ANSWERED' or question_group_id is not null)`,
];

// As it stands; to answer a question is not to judge it, so that the person who brought it may.
const conclusions = `create or replace function conclusion_kept() returns trigger language plpgsql as $$
   begin
     if tg_op = 'DELETE' then
       raise exception 'a conclusion is reopened, never deleted' using errcode = 'TOC02';
     end if;
     if tg_op = 'UPDATE' then
       if old.reopened_at is not null or new.reopened_at is null
         or (to_jsonb(new) - '{reopened_at,reopened_by_id,reopen_reason}'::text[])
           <> (to_jsonb(old) - '{reopened_at,reopened_by_id,reopen_reason}'::text[]) then
         raise exception 'a conclusion can only be reopened, once' using errcode = 'TOC02';
       end if;
       return new;
     end if;
     if new.state not in ('ANSWERED', 'DUPLICATE', 'NOT_USEFUL')
       and exists (select 1 from report r where r.id = new.report_id and r.submitted_by_id = new.by_id) then
       raise exception 'nobody concludes on what they submitted' using errcode = 'TOC01';
     end if;
     return new;
   end $$`;

// As it stands, and a group with the states of its questions.
const audited = alsoAudited(
  `(select to_jsonb(z) from question_group z where z.id = thing)`,
  `(select jsonb_agg(jsonb_build_array(z.id, z.state) order by z.id) from report z where z.question_group_id = thing)`,
);
