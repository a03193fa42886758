import { Migration } from '@mikro-orm/migrations';
import { alsoAudited } from './audit-state.ts';

/** Institutions that are told by e-mail: their mailboxes, and every letter on its way. */
export class M0060Institutions extends Migration {
  override async up(): Promise<void> {
    for (const statement of [...tables, ...guards, audited]) this.addSql(statement);
  }
}

const tables = [
  `create table "institution" ("id" uuid not null, "version" int not null, "kind" text not null, "name" text not null, "organisation_id" uuid null, "kinds" text[] null, "communes" text[] null, "severity_at_least" text null, "language" text not null, "exercises" boolean not null, "created_at" timestamptz(3) not null, "since" bigint not null, primary key ("id"))`,
  `alter table "institution" add constraint "institution_kind_check" check ("kind" in ('TOWN_HALL', 'MEDIA', 'SCHOOL', 'HEALTH', 'NETWORK_OPERATOR', 'ASSOCIATION', 'STATE_SERVICE'))`,
  `alter table "institution" add constraint "institution_organisation_id_foreign" foreign key ("organisation_id") references "organisation" ("id") on delete set null`,

  `create table "mailbox" ("id" uuid not null, "institution_id" uuid not null, "address" text null, "label" text not null, "personal" boolean not null, "state" text not null, "key" text not null, "agreement" text null, "invited_at" timestamptz(3) not null, "confirmed_at" timestamptz(3) null, "left_at" timestamptz(3) null, "bouncing_since" timestamptz(3) null, "fault" text null, primary key ("id"))`,
  `alter table "mailbox" add constraint "mailbox_state_check" check ("state" in ('INVITED', 'CONFIRMED', 'MANDATED', 'LEFT'))`,
  `alter table "mailbox" add constraint "mailbox_key_unique" unique ("key")`,
  `create index "mailbox_institution_index" on "mailbox" ("institution_id")`,
  `create unique index "mailbox_address_unique" on "mailbox" ("institution_id", lower("address")) where "state" <> 'LEFT'`,
  `alter table "mailbox" add constraint "mailbox_institution_id_foreign" foreign key ("institution_id") references "institution" ("id")`,

  `create table "letter" ("id" uuid not null, "mailbox_id" uuid not null, "purpose" text not null, "publication" uuid null, "position" bigint null, "departed" jsonb null, "state" text not null, "attempts" int not null, "created_at" timestamptz(3) not null, "due_at" timestamptz(3) not null, "expires_at" timestamptz(3) not null, "lease" uuid null, "leased_until" timestamptz(3) null, "attempted_at" timestamptz(3) null, "ended_at" timestamptz(3) null, "status" int null, "fault" text null, primary key ("id"))`,
  `alter table "letter" add constraint "letter_purpose_check" check ("purpose" in ('INVITATION', 'NEWS'))`,
  `alter table "letter" add constraint "letter_state_check" check ("state" in ('WAITING', 'SENT', 'REFUSED', 'OVERTAKEN', 'GIVEN_UP'))`,
  `create index "letter_due_index" on "letter" ("state", "due_at")`,
  `create index "letter_thread_index" on "letter" ("mailbox_id", "publication", "position")`,
  `alter table "letter" add constraint "letter_entry_unique" unique ("mailbox_id", "position")`,
  `alter table "letter" add constraint "letter_mailbox_id_foreign" foreign key ("mailbox_id") references "mailbox" ("id")`,

  `create table "letter_progress" ("id" serial primary key, "position" bigint not null)`,
  `insert into letter_progress (id, position) values (1, 0)`,
];

const guards = [
  // A letter is made for a mailbox that wants it: whatever wrote the statement.
  `create function letter_wanted() returns trigger language plpgsql as $$
   declare
     stands mailbox%rowtype;
   begin
     select * into stands from mailbox where id = new.mailbox_id for share;
     if new.purpose = 'NEWS' and stands.state not in ('CONFIRMED', 'MANDATED') then
       raise exception 'a mailbox that nobody confirmed, or that was left, gets no news (I-48)' using errcode = 'TOC01';
     end if;
     if new.purpose = 'INVITATION' and (stands.state <> 'INVITED'
       or exists (select from letter l where l.mailbox_id = new.mailbox_id)) then
       raise exception 'a mailbox is invited once (I-48)' using errcode = 'TOC01';
     end if;
     return new;
   end $$`,
  `create trigger letter_wanted before insert on letter for each row execute function letter_wanted()`,
  `create function mailbox_stays_left() returns trigger language plpgsql as $$
   begin
     if old.state = 'LEFT' and new.state <> 'LEFT' then
       raise exception 'a mailbox that was left is written to no more: it is invited anew (I-48)' using errcode = 'TOC01';
     end if;
     return new;
   end $$`,
  `create trigger mailbox_stays_left before update on mailbox for each row execute function mailbox_stays_left()`,
];

/** Of a mailbox what people decided of it; its address and the key of its links are in no hash. */
const audited = alsoAudited(
  '(select to_jsonb(x) from institution x where x.id = thing)',
  `(select to_jsonb(x) - '{address,key,bouncing_since,fault}'::text[] from mailbox x where x.id = thing)`,
);
