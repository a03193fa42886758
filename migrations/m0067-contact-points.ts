import { Migration } from '@mikro-orm/migrations';
import { alsoAudited } from './audit-state.ts';

/**
 * Contact points of people, and the messages that ring them there. Nobody is called at a point that its person has not
 * confirmed (I-57), and what waits is stopped in the transaction of the answer, or of the deed that ends the call (I-58).
 */
export class M0067ContactPoints extends Migration {
  override async up(): Promise<void> {
    for (const statement of [...tables, ...guards, audited]) this.addSql(statement);
  }
}

const tables = [
  `create table "contact_point" ("id" uuid not null, "version" int not null, "account_id" uuid not null, "way" text not null, "label" text not null, "address" text not null, "created_at" timestamptz(3) not null, "confirmed_at" timestamptz(3) null, "code_hash" text null, "code_expires_at" timestamptz(3) null, "code_tries" int not null, primary key ("id"))`,
  `alter table "contact_point" add constraint "contact_point_way_check" check ("way" in ('EMAIL'))`,
  `create unique index "contact_point_address_unique" on "contact_point" ("account_id", "way", lower("address"))`,
  `alter table "contact_point" add constraint "contact_point_account_id_foreign" foreign key ("account_id") references "account" ("id")`,

  `create table "contact_message" ("id" uuid not null, "purpose" text not null, "point_id" uuid null, "account_id" uuid not null, "way" text not null, "call_id" uuid null, "rung" int null, "words" text null, "key" text null, "created_at" timestamptz(3) not null, "due_at" timestamptz(3) not null, "expires_at" timestamptz(3) not null, "outcome" text not null, "attempts" int not null, "lease" uuid null, "leased_until" timestamptz(3) null, "status" int null, "fault" text null, primary key ("id"))`,
  `alter table "contact_message" add constraint "contact_message_purpose_check" check ("purpose" in ('CODE', 'CALL'))`,
  `alter table "contact_message" add constraint "contact_message_way_check" check ("way" in ('EMAIL'))`,
  `alter table "contact_message" add constraint "contact_message_outcome_check" check ("outcome" in ('WAITING', 'ACCEPTED', 'FAILED', 'STOPPED'))`,
  `alter table "contact_message" add constraint "contact_message_key_unique" unique ("key")`,
  `create index "contact_message_due_index" on "contact_message" ("due_at") where "outcome" = 'WAITING'`,
  `create index "contact_message_call_index" on "contact_message" ("call_id")`,
  `create index "contact_message_point_index" on "contact_message" ("point_id")`,
  `create index "contact_message_account_index" on "contact_message" ("account_id", "created_at")`,
  `alter table "contact_message" add constraint "contact_message_point_id_foreign" foreign key ("point_id") references "contact_point" ("id") on delete set null`,
  `alter table "contact_message" add constraint "contact_message_account_id_foreign" foreign key ("account_id") references "account" ("id")`,
  `alter table "contact_message" add constraint "contact_message_call_id_foreign" foreign key ("call_id") references "call" ("id") on delete cascade`,
];

const guards = [
  `create function contact_message_wanted() returns trigger language plpgsql as $$
   begin
     if new.purpose = 'CALL' then
       perform 1 from contact_point p
         where p.id = new.point_id and p.account_id = new.account_id and p.confirmed_at is not null for share;
       if not found then
         raise exception 'nobody is rung at a contact point that they have not confirmed (I-57)' using errcode = 'TOC01';
       end if;
       perform 1 from call c where c.id = new.call_id and c.ended_at is null for share;
       if not found then
         raise exception 'nobody is rung for a call that has ended (I-51)' using errcode = 'TOC02';
       end if;
     end if;
     return new;
   end $$`,
  `create trigger contact_message_wanted before insert on contact_message for each row execute function contact_message_wanted()`,

  `create function contact_message_stays_stopped() returns trigger language plpgsql as $$
   begin
     if old.outcome <> 'WAITING' and new.outcome = 'WAITING' then
       raise exception 'a message that was stopped or sent never waits again (I-58)' using errcode = 'TOC02';
     end if;
     return new;
   end $$`,
  `create trigger contact_message_stays_stopped before update on contact_message for each row execute function contact_message_stays_stopped()`,

  // Whoever takes a call or passes it on stops what waits for everybody.
  `create function call_step_stops_messages() returns trigger language plpgsql as $$
   begin
     if new.outcome = 'ANSWERED' then
       update contact_message set outcome = 'STOPPED' where call_id = new.call_id and outcome = 'WAITING';
     end if;
     return null;
   end $$`,
  `create trigger call_step_stops_messages after insert or update on call_step for each row execute function call_step_stops_messages()`,

  `create function call_stops_messages() returns trigger language plpgsql as $$
   begin
     if old.ended_at is null and new.ended_at is not null then
       update contact_message set outcome = 'STOPPED' where call_id = new.id and outcome = 'WAITING';
     end if;
     return null;
   end $$`,
  `create trigger call_stops_messages after update on call for each row execute function call_stops_messages()`,
];

/** Of a contact point what its person decided; its address and its code are in no hash. */
const audited = alsoAudited(
  `(select to_jsonb(x) - '{address,code_hash,code_expires_at,code_tries}'::text[] from contact_point x where x.id = thing)`,
);
