import { Migration } from '@mikro-orm/migrations';
import { alsoAudited } from './audit-state.ts';

/**
 * Situation reports of incidents. PostgreSQL keeps what is frozen, with its hash (I-41); numbers are dense within an incident,
 * and of the editions of a number one is in force (I-42).
 */
export class M0055SituationReports extends Migration {
  override async up(): Promise<void> {
    for (const statement of [...tables, ...functions, ...triggers, audited]) this.addSql(statement);
  }
}

const IS_DRAFT = `(state = 'DRAFT')`;

const tables = [
  `create table "situation_report" ("id" uuid not null, "version" int not null, "incident_id" uuid not null, "number" int not null, "edition" int not null, "state" text not null, "parts" jsonb not null, "content" text null, "content_hash" text null, "as_of" timestamptz(3) null, "epoch" uuid null, "position" bigint null, "log_number" int null, "frozen_by_id" uuid null, "organisation" jsonb null, "replaces_id" uuid null, primary key ("id"))`,
  `alter table "situation_report" add constraint "situation_report_number_unique" unique ("incident_id", "number", "edition")`,
  `alter table "situation_report" add constraint "situation_report_replaces_unique" unique ("replaces_id")`,
  `create unique index "situation_report_draft_unique" on "situation_report" ("incident_id") where "state" = 'DRAFT'`,
  `create unique index "situation_report_in_force_unique" on "situation_report" ("incident_id", "number") where "state" = 'FROZEN'`,
  `alter table "situation_report" add constraint "situation_report_state_check" check ("state" in ('DRAFT', 'FROZEN', 'REPLACED'))`,
  `alter table "situation_report" add constraint "situation_report_edition_check" check ((edition = 1) = (replaces_id is null))`,
  `alter table "situation_report" add constraint "situation_report_content_check" check (${IS_DRAFT} = (content is null) and ${IS_DRAFT} = (content_hash is null) and ${IS_DRAFT} = (frozen_by_id is null))`,
  `alter table "situation_report" add constraint "situation_report_moment_check" check (${IS_DRAFT} = (as_of is null) and ${IS_DRAFT} = (epoch is null) and ${IS_DRAFT} = ("position" is null) and ${IS_DRAFT} = (log_number is null))`,
  `alter table "situation_report" add constraint "situation_report_incident_id_foreign" foreign key ("incident_id") references "incident" ("id")`,
  `alter table "situation_report" add constraint "situation_report_frozen_by_id_foreign" foreign key ("frozen_by_id") references "account" ("id") on delete set null`,
  `alter table "situation_report" add constraint "situation_report_replaces_id_foreign" foreign key ("replaces_id") references "situation_report" ("id") on delete set null`,
];

const functions = [
  // Until the transaction ends: who begins one, or takes a draft away, does so alone.
  `create function lock_situation_reports(of_incident uuid) returns void language sql volatile as $$
     select pg_advisory_xact_lock(hashtextextended(of_incident::text, 3))
   $$`,

  `create function situation_report_guard() returns trigger language plpgsql as $$
   declare
     latest situation_report%rowtype;
   begin
     if tg_op = 'DELETE' then
       if old.state <> 'DRAFT' then
         raise exception 'a situation report that is frozen is never deleted (I-41)' using errcode = 'TOC02';
       end if;
       perform lock_situation_reports(old.incident_id);
       return old;
     end if;
     if tg_op = 'INSERT' then
       perform lock_situation_reports(new.incident_id);
       select * into latest from situation_report
         where incident_id = new.incident_id order by number desc, edition desc limit 1;
       if new.state <> 'DRAFT' then
         raise exception 'a situation report begins as a draft (I-41)' using errcode = 'TOC01';
       end if;
       if new.replaces_id is null and (new.number, new.edition) is distinct from (coalesce(latest.number, 0) + 1, 1) then
         raise exception 'situation reports of an incident are numbered without a gap (I-42)' using errcode = 'TOC01';
       end if;
       if new.replaces_id is not null and (new.replaces_id, 'FROZEN', new.number, new.edition)
         is distinct from (latest.id, latest.state, latest.number, latest.edition + 1) then
         raise exception 'the last situation report is replaced alone, by its next edition (I-42)' using errcode = 'TOC01';
       end if;
       return new;
     end if;
     if (new.id, new.incident_id, new.number, new.edition, new.replaces_id)
       is distinct from (old.id, old.incident_id, old.number, old.edition, old.replaces_id) then
       raise exception 'a situation report keeps its number (I-42)' using errcode = 'TOC02';
     end if;
     if old.state = 'DRAFT' and new.state = 'DRAFT' then
       return new;
     end if;
     if old.state = 'DRAFT' and new.state = 'FROZEN' then
       if new.content_hash is distinct from encode(sha256(convert_to(new.content, 'UTF8')), 'hex') then
         raise exception 'a frozen situation report has the hash of what it says (I-41)' using errcode = 'TOC03';
       end if;
       new.organisation := organisation_of(new.frozen_by_id);
       return new;
     end if;
     if old.state = 'FROZEN' and new.state = 'REPLACED'
       and to_jsonb(new) - 'state' - 'version' = to_jsonb(old) - 'state' - 'version' then
       return new;
     end if;
     raise exception 'a situation report that is frozen stays as it is (I-41)' using errcode = 'TOC02';
   end $$`,

  // Runs at commit: the one before goes first, since one edition is in force at a time.
  `create function situation_report_replaced() returns trigger language plpgsql as $$
   begin
     if new.state = 'REPLACED' and not exists (
       select 1 from situation_report where replaces_id = new.id and state <> 'DRAFT') then
       raise exception 'a situation report is replaced by its next edition (I-42)' using errcode = 'TOC01';
     end if;
     return null;
   end $$`,
];

const triggers = [
  `create trigger situation_report_guard before insert or update or delete on situation_report for each row execute function situation_report_guard()`,
  `create constraint trigger situation_report_replaced after update on situation_report deferrable initially deferred for each row execute function situation_report_replaced()`,
  // The schema comparison does not read TRUNCATE triggers back, so this stands in the migration alone.
  `create trigger situation_report_never_truncated before truncate on situation_report for each statement execute function refuse_change()`,
];

// As it stands, and a situation report with the one that it replaces.
const audited = alsoAudited(
  `(select jsonb_agg(to_jsonb(z) order by z.id) from situation_report z
    where z.id = thing or z.id = (select replaces_id from situation_report where id = thing))`,
);
