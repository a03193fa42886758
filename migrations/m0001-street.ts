import { Migration } from '@mikro-orm/migrations';

/**
 * The street: accounts, dossiers and their revisions, approvals, the public threads and the journal.
 * What must hold even against a bug of ours or a hand at the database's prompt is held here, by triggers:
 * four eyes (I-01), immutability (I-02), one live revision (I-04, by key), unique CAP messages (I-06),
 * a state change and its entry together (I-13), closed threads stay closed (I-20).
 */
export class M0001Street extends Migration {
  override async up(): Promise<void> {
    for (const statement of [...tables, ...functions, ...triggers, ...head]) this.addSql(statement);
  }
}

const tables = [
  `create table "account" ("id" uuid not null, "subject" text not null, "name" text not null, "created_at" timestamptz(3) not null, primary key ("id"))`,
  `alter table "account" add constraint "account_subject_unique" unique ("subject")`,

  `create table "incident" ("id" uuid not null, "slug" text not null, "title" text not null, "opened_at" timestamptz(3) not null, primary key ("id"))`,
  `alter table "incident" add constraint "incident_slug_unique" unique ("slug")`,

  `create table "dossier" ("id" uuid not null, "kind" text not null, "stage" text not null, "version" int not null, "author_id" uuid not null, "publish_at" timestamptz(3) null, "cosign_due_at" timestamptz(3) null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null, primary key ("id"))`,
  `create index "dossier_stage_index" on "dossier" ("stage", "updated_at")`,
  `alter table "dossier" add constraint "dossier_kind_check" check ("kind" in ('ALERT', 'ADVICE', 'EVENT', 'CLOSURE', 'CORRECTION'))`,
  `alter table "dossier" add constraint "dossier_stage_check" check ("stage" in ('DRAFT', 'IN_REVIEW', 'CHANGES_REQUESTED', 'APPROVED', 'SCHEDULED', 'PUBLISHED', 'ABANDONED'))`,
  `alter table "dossier" add constraint "dossier_author_id_foreign" foreign key ("author_id") references "account" ("id")`,

  `create table "dossier_comment" ("id" uuid not null, "dossier_id" uuid not null, "by_id" uuid not null, "at" timestamptz(3) not null, "text" text not null, primary key ("id"))`,
  `create index "dossier_comment_dossier_index" on "dossier_comment" ("dossier_id")`,
  `alter table "dossier_comment" add constraint "dossier_comment_dossier_id_foreign" foreign key ("dossier_id") references "dossier" ("id")`,
  `alter table "dossier_comment" add constraint "dossier_comment_by_id_foreign" foreign key ("by_id") references "account" ("id")`,

  `create table "revision" ("id" uuid not null, "dossier_id" uuid not null, "number" int not null, "content" jsonb not null, "content_hash" text not null, "mode" text not null, "severity" text null, "created_at" timestamptz(3) not null, "published_at" timestamptz(3) null, "abandoned_at" timestamptz(3) null, "changed_fields" text[] null, "urgent_by_id" uuid null, "urgent_reason" text null, primary key ("id"))`,
  `create unique index "revision_working_unique" on "revision" ("dossier_id") where "published_at" is null and "abandoned_at" is null`,
  `create unique index "revision_number_unique" on "revision" ("dossier_id", "number") where "abandoned_at" is null`,
  `alter table "revision" add constraint "revision_mode_check" check ("mode" in ('ACTUAL', 'EXERCISE', 'TEST'))`,
  `alter table "revision" add constraint "revision_severity_check" check ("severity" in ('UNKNOWN', 'MINOR', 'MODERATE', 'SEVERE', 'EXTREME'))`,
  `alter table "revision" add constraint "revision_dossier_id_foreign" foreign key ("dossier_id") references "dossier" ("id")`,
  `alter table "revision" add constraint "revision_urgent_by_id_foreign" foreign key ("urgent_by_id") references "account" ("id") on delete set null`,

  `create table "revision_editor" ("revision_id" uuid not null, "account_id" uuid not null, primary key ("revision_id", "account_id"))`,
  `alter table "revision_editor" add constraint "revision_editor_revision_id_foreign" foreign key ("revision_id") references "revision" ("id") on update cascade on delete cascade`,
  `alter table "revision_editor" add constraint "revision_editor_account_id_foreign" foreign key ("account_id") references "account" ("id") on update cascade on delete cascade`,

  `create table "approval" ("id" uuid not null, "revision_id" uuid not null, "by_id" uuid not null, "content_hash" text not null, "at" timestamptz(3) not null, "voided_at" timestamptz(3) null, primary key ("id"))`,
  `create unique index "approval_once" on "approval" ("revision_id", "by_id", "content_hash") where "voided_at" is null`,
  `alter table "approval" add constraint "approval_revision_id_foreign" foreign key ("revision_id") references "revision" ("id")`,
  `alter table "approval" add constraint "approval_by_id_foreign" foreign key ("by_id") references "account" ("id")`,

  `create table "publication" ("id" uuid not null, "live_revision_id" uuid not null, "kind" text not null, "mode" text not null, "severity" text null, "communes" text[] not null, "starts_at" timestamptz(3) null, "ends_at" timestamptz(3) null, "published_at" timestamptz(3) not null, "revised_at" timestamptz(3) not null, "announced" text not null, "closed" boolean not null, "latest_entry_id" uuid not null, "incident_id" uuid null, "words" text not null, primary key ("id"))`,
  `create index "publication_announced_index" on "publication" ("announced", "ends_at")`,
  `create index "publication_communes_index" on "publication" using gin ("communes")`,
  `create index "publication_words_index" on "publication" using gin (to_tsvector('french', "words"))`,
  `create index "publication_revised_index" on "publication" ("revised_at", "id")`,
  `alter table "publication" add constraint "publication_kind_check" check ("kind" in ('ALERT', 'ADVICE', 'EVENT', 'CLOSURE', 'CORRECTION'))`,
  `alter table "publication" add constraint "publication_mode_check" check ("mode" in ('ACTUAL', 'EXERCISE', 'TEST'))`,
  `alter table "publication" add constraint "publication_severity_check" check ("severity" in ('UNKNOWN', 'MINOR', 'MODERATE', 'SEVERE', 'EXTREME'))`,
  `alter table "publication" add constraint "publication_announced_check" check ("announced" in ('UPCOMING', 'IN_FORCE', 'ENDED', 'CANCELLED'))`,

  `create table "cap_message" ("identifier" text not null, "thread" uuid not null, "revision" int not null, "sent" timestamptz(0) not null, primary key ("identifier"))`,
  `alter table "cap_message" add constraint "cap_message_sent_unique" unique ("sent")`,
  `create index "cap_message_thread_index" on "cap_message" ("thread", "sent")`,

  `create table "journal_entry" ("id" uuid not null, "position" bigint null, "subject" uuid not null, "type" text not null, "at" timestamptz(3) not null, "changed_fields" text[] not null, "ring" boolean not null, "document" jsonb not null, primary key ("id"))`,
  `create index "journal_entry_subject_index" on "journal_entry" ("subject", "position")`,
  `alter table "journal_entry" add constraint "journal_entry_position_unique" unique ("position")`,

  `create table "journal_head" ("id" int not null, "epoch" uuid not null, "position" bigint not null, primary key ("id"))`,
];

const functions = [
  `create function refuse_change() returns trigger language plpgsql as $$
   begin
     raise exception '% of % is refused: its rows never change', tg_op, tg_table_name using errcode = 'TOC02';
   end $$`,

  // A published revision is frozen; publishing needs the approvals of people who did not edit it, or an urgent reason.
  `create function revision_frozen() returns trigger language plpgsql as $$
   declare
     approvals int;
     needed int;
   begin
     if tg_op = 'INSERT' then
       if new.published_at is not null then
         raise exception 'a revision is published by approval, never inserted as published' using errcode = 'TOC01';
       end if;
       return new;
     end if;
     if old.published_at is not null then
       raise exception '% of a published revision is refused', tg_op using errcode = 'TOC02';
     end if;
     if tg_op = 'DELETE' then return old; end if;
     if new.published_at is null then return new; end if;
     if new.abandoned_at is not null then
       raise exception 'an abandoned revision is never published' using errcode = 'TOC01';
     end if;
     if new.content is distinct from old.content or new.content_hash is distinct from old.content_hash then
       raise exception 'publishing does not change the content' using errcode = 'TOC01';
     end if;
     if new.urgent_by_id is not null and coalesce(new.urgent_reason, '') <> '' then return new; end if;
     select count(distinct a.by_id) into approvals from approval a
       where a.revision_id = new.id and a.voided_at is null and a.content_hash = new.content_hash
         and not exists (select 1 from revision_editor e where e.revision_id = new.id and e.account_id = a.by_id);
     needed := case when new.severity = 'EXTREME' then 2 else 1 end;
     if approvals < needed then
       raise exception 'publication needs % approval(s) by people who did not edit it, has %', needed, approvals
         using errcode = 'TOC01';
     end if;
     return new;
   end $$`,

  // Nobody approves what they wrote. The revision is locked, so that no edit slips in beside the approval.
  `create function approval_four_eyes() returns trigger language plpgsql as $$
   declare
     current_hash text;
   begin
     if tg_op = 'DELETE' then
       raise exception 'an approval is voided, never deleted' using errcode = 'TOC02';
     end if;
     if tg_op = 'UPDATE' then
       if old.voided_at is not null or new.id <> old.id or new.revision_id <> old.revision_id or new.by_id <> old.by_id
         or new.content_hash <> old.content_hash or new.at <> old.at then
         raise exception 'an approval can only be voided' using errcode = 'TOC02';
       end if;
       return new;
     end if;
     select content_hash into current_hash from revision where id = new.revision_id for update;
     if current_hash is distinct from new.content_hash then
       raise exception 'an approval is bound to the content as it stands' using errcode = 'TOC01';
     end if;
     if exists (select 1 from revision_editor e where e.revision_id = new.revision_id and e.account_id = new.by_id) then
       raise exception 'nobody approves what they wrote' using errcode = 'TOC01';
     end if;
     return new;
   end $$`,

  `create function journal_entry_frozen() returns trigger language plpgsql as $$
   begin
     if tg_op = 'INSERT' then
       if new.position is not null then
         raise exception 'positions are stamped at commit, never given' using errcode = 'TOC02';
       end if;
       return new;
     end if;
     if tg_op = 'UPDATE' and pg_trigger_depth() > 1 and old.position is null and new.position is not null
       and (to_jsonb(new) - 'position') = (to_jsonb(old) - 'position') then
       return new;
     end if;
     raise exception '% of a journal entry is refused', tg_op using errcode = 'TOC02';
   end $$`,

  // Runs at commit. The head row stays locked until the commit is visible: positions are dense and in commit order.
  `create function journal_entry_stamp() returns trigger language plpgsql as $$
   declare
     next bigint;
   begin
     update journal_head set position = position + 1 where id = 1 returning position into strict next;
     update journal_entry set position = next where id = new.id;
     return null;
   end $$`,

  // At commit, whatever became public must stand in the journal (I-13).
  `create function publication_announced() returns trigger language plpgsql as $$
   begin
     if not exists (select 1 from journal_entry where id = new.latest_entry_id and subject = new.id) then
       raise exception 'a public state changes only together with its journal entry' using errcode = 'TOC03';
     end if;
     return null;
   end $$`,
  `create function revision_announced() returns trigger language plpgsql as $$
   begin
     if new.published_at is not null and not exists (
       select 1 from publication p join journal_entry j on j.id = p.latest_entry_id
       where p.live_revision_id = new.id and j.subject = new.dossier_id) then
       raise exception 'a revision is published only together with its journal entry' using errcode = 'TOC03';
     end if;
     return null;
   end $$`,

  `create function publication_closed_for_good() returns trigger language plpgsql as $$
   begin
     if tg_op = 'DELETE' then
       raise exception 'a public thread is never deleted' using errcode = 'TOC02';
     end if;
     if old.closed and (not new.closed or new.live_revision_id <> old.live_revision_id) then
       raise exception 'a closed thread never comes back' using errcode = 'TOC02';
     end if;
     return new;
   end $$`,
];

const triggers = [
  `create trigger revision_frozen before insert or update or delete on revision for each row execute function revision_frozen()`,
  `create constraint trigger revision_announced after update on revision deferrable initially deferred for each row execute function revision_announced()`,
  `create trigger revision_editor_kept before update or delete on revision_editor for each row execute function refuse_change()`,
  `create trigger approval_four_eyes before insert or update or delete on approval for each row execute function approval_four_eyes()`,
  `create trigger publication_closed_for_good before update or delete on publication for each row execute function publication_closed_for_good()`,
  `create constraint trigger publication_announced after insert or update on publication deferrable initially deferred for each row execute function publication_announced()`,
  `create trigger cap_message_frozen before update or delete on cap_message for each row execute function refuse_change()`,
  `create trigger journal_entry_frozen before insert or update or delete on journal_entry for each row execute function journal_entry_frozen()`,
  `create constraint trigger journal_entry_stamp after insert on journal_entry deferrable initially deferred for each row execute function journal_entry_stamp()`,
  // The schema comparison does not read TRUNCATE triggers back, so these stand in the migration alone.
  ...['revision', 'revision_editor', 'approval', 'publication', 'cap_message', 'journal_entry', 'journal_head'].map(
    (table) =>
      `create trigger ${table}_never_truncated before truncate on ${table} for each statement execute function refuse_change()`,
  ),
];

const head = [`insert into journal_head (id, epoch, position) values (1, gen_random_uuid(), 0)`];
