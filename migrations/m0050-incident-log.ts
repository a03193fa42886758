import { Migration } from '@mikro-orm/migrations';
import { alsoAudited } from './audit-state.ts';

/**
 * The log of an incident. PostgreSQL numbers its lines without a gap in the order of commits, and keeps them (I-33); a line is
 * corrected once, by a line of the same log (I-34). Lines form a chain of hashes, as audit entries do, in which each has its
 * words by their salted hash: people can be taken out of the words, and the chain still holds (I-35).
 * `src/incident-log/log-line.rules.ts` computes the same hashes to verify them.
 */
export class M0050IncidentLog extends Migration {
  override async up(): Promise<void> {
    for (const statement of [...tables, ...functions, ...triggers, audited]) this.addSql(statement);
  }
}

const tables = [
  `create table "log_line" ("id" uuid not null, "incident_id" uuid not null, "number" int not null, "kind" text not null, "happened_at" timestamptz(3) not null, "written_at" timestamptz(3) not null, "by_id" uuid null, "organisation" jsonb null, "important" boolean not null, "audience" text not null, "corrects_id" uuid null, "dossier" uuid null, "report" uuid null, "communes" text[] not null, "words_hash" text not null, "entry" uuid null, "hash" text not null, primary key ("id"))`,
  `alter table "log_line" add constraint "log_line_number_unique" unique ("incident_id", "number")`,
  `alter table "log_line" add constraint "log_line_corrects_unique" unique ("corrects_id")`,
  `alter table "log_line" add constraint "log_line_entry_unique" unique ("incident_id", "entry")`,
  `alter table "log_line" add constraint "log_line_kind_check" check ("kind" in ('DEED', 'MESSAGE_IN', 'MESSAGE_OUT', 'FACT', 'DECISION', 'REQUEST', 'ANSWER', 'CORRECTION'))`,
  `alter table "log_line" add constraint "log_line_audience_check" check ("audience" in ('CELL', 'PARTICIPANTS'))`,
  `alter table "log_line" add constraint "log_line_correction_check" check ((kind = 'CORRECTION') = (corrects_id is not null))`,
  `alter table "log_line" add constraint "log_line_deed_check" check ((kind = 'DEED') = (entry is not null))`,
  `alter table "log_line" add constraint "log_line_happened_check" check (happened_at <= written_at)`,
  `alter table "log_line" add constraint "log_line_incident_id_foreign" foreign key ("incident_id") references "incident" ("id")`,
  `alter table "log_line" add constraint "log_line_by_id_foreign" foreign key ("by_id") references "account" ("id") on delete set null`,
  `alter table "log_line" add constraint "log_line_corrects_id_foreign" foreign key ("corrects_id") references "log_line" ("id") on delete set null`,

  `create table "log_words" ("line_id" uuid not null, "salt" text null, "means" text null, "sender" text null, "recipient" text null, "text" text not null, "masked_at" timestamptz(3) null, primary key ("line_id"))`,
  `alter table "log_words" add constraint "log_words_line_id_foreign" foreign key ("line_id") references "log_line" ("id") on update cascade on delete cascade`,
  `create index "log_words_index" on "log_words" using gin (search_vector(coalesce("sender", '') || ' ' || coalesce("recipient", '') || ' ' || "text"))`,

  `create table "log_head" ("incident_id" uuid not null, "number" int not null, "hash" text not null, "written_at" timestamptz(3) not null, primary key ("incident_id"))`,
];

const functions = [
  `create function log_words_hash(words log_words) returns text language sql immutable as $$
     select encode(sha256(convert_to(concat_ws(E'\\n', words.salt, coalesce(words.means, ''), coalesce(words.sender, ''),
       coalesce(words.recipient, ''), words.text), 'UTF8')), 'hex')
   $$`,

  `create function log_line_hash(earlier text, line log_line) returns text language sql stable as $$
     select encode(sha256(convert_to(concat_ws(E'\\n', earlier, line.number, line.incident_id, line.id, line.kind,
       (extract(epoch from line.happened_at) * 1000)::bigint, (extract(epoch from line.written_at) * 1000)::bigint,
       coalesce(line.by_id::text, ''), coalesce(line.organisation->>'id', ''), coalesce(line.organisation->>'kind', ''),
       coalesce(line.organisation->>'name', ''), coalesce(line.organisation->>'shortName', ''), line.important::int,
       line.audience, coalesce(line.corrects_id::text, ''), coalesce(line.dossier::text, ''),
       coalesce(line.report::text, ''), array_to_string(line.communes, ','), line.words_hash,
       coalesce(line.entry::text, '')), 'UTF8')), 'hex')
   $$`,

  // With the rights of the owner, so that the role of a hub needs none to change a head. The head stays locked until the commit
  // is visible: one line after the other, and what is rolled back leaves no gap. A fixed search path: no table that
  // somebody else made can take the place of ours.
  `create function log_line_stamp() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
   declare
     head log_head%rowtype;
   begin
     if tg_op <> 'INSERT' then
       raise exception '% of a line of a log is refused: a correction is a line of its own', tg_op using errcode = 'TOC02';
     end if;
     if new.number is not null or new.hash is not null then
       raise exception 'lines of a log are numbered here, never given a number' using errcode = 'TOC02';
     end if;
     -- The incident before the head of its log: all transactions take the two locks in one order.
     perform 1 from incident where id = new.incident_id for key share;
     insert into log_head values (new.incident_id, 0, '', to_timestamp(0)) on conflict do nothing;
     select * into strict head from log_head where incident_id = new.incident_id for update;
     if new.corrects_id is not null and not exists (
       select 1 from log_line where id = new.corrects_id and incident_id = new.incident_id and kind <> 'DEED') then
       raise exception 'a line corrects one of its own log, and no deed (I-34)' using errcode = 'TOC03';
     end if;
     new.number := head.number + 1;
     new.written_at := greatest(new.written_at, head.written_at);
     new.organisation := organisation_of(new.by_id);
     new.hash := log_line_hash(head.hash, new);
     update log_head set number = new.number, hash = new.hash, written_at = new.written_at
       where incident_id = new.incident_id;
     return new;
   end $$`,

  // Runs at commit.
  `create function log_line_whole() returns trigger language plpgsql as $$
   begin
     if not exists (select 1 from log_words w where w.line_id = new.id
       and (w.salt is null or log_words_hash(w) = new.words_hash)) then
       raise exception 'a line holds the hash of its words (I-35)' using errcode = 'TOC03';
     end if;
     if new.entry is not null and not exists (select 1 from audit_entry where id = new.entry) then
       raise exception 'a line tells of a deed that is on record' using errcode = 'TOC03';
     end if;
     return null;
   end $$`,

  `create function log_words_kept() returns trigger language plpgsql as $$
   begin
     if tg_op = 'INSERT' and new.salt is not null and new.masked_at is null then
       return new;
     end if;
     if tg_op = 'UPDATE' and new.line_id = old.line_id and new.salt is null and new.masked_at is not null then
       return new;
     end if;
     raise exception '% of the words of a line is refused: people are taken out of them, and nothing else', tg_op
       using errcode = 'TOC02';
   end $$`,
];

const triggers = [
  `create trigger log_line_stamp before insert or update or delete on log_line for each row execute function log_line_stamp()`,
  `create constraint trigger log_line_whole after insert on log_line deferrable initially deferred for each row execute function log_line_whole()`,
  `create trigger log_words_kept before insert or update or delete on log_words for each row execute function log_words_kept()`,
  // The schema comparison does not read TRUNCATE triggers back, so these stand in the migration alone.
  ...['log_line', 'log_words', 'log_head'].map(
    (table) =>
      `create trigger ${table}_never_truncated before truncate on ${table} for each statement execute function refuse_change()`,
  ),
];

// As it stands, and a line; of its words whether people were taken out.
const audited = alsoAudited(
  '(select to_jsonb(x) from log_line x where x.id = thing)',
  `(select to_jsonb(x) - '{salt,means,sender,recipient,text}'::text[] from log_words x where x.line_id = thing)`,
);
