import { Migration } from '@mikro-orm/migrations';

/**
 * People sign in to the desk with a browser. PostgreSQL notifies every hub when a session ends, whatever hand ends it; ends the
 * sessions of an account that is disabled; and lets none that has ended open again (I-27).
 */
export class M0042DeskSessions extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  `create table "desk_session" ("id" uuid not null, "secret_hash" text not null, "issuer" text not null, "subject" text not null, "name" text not null, "signs" text[] not null, "issuer_session" text null, "started_at" timestamptz(3) not null, "seen_at" timestamptz(3) not null, "ends_at" timestamptz(3) not null, "ended_at" timestamptz(3) null, "refresh_token" text null, "id_token" text null, "renew_at" timestamptz(3) null, "renewing_until" timestamptz(3) null, primary key ("id"))`,
  `alter table "desk_session" add constraint "desk_session_secret_hash_unique" unique ("secret_hash")`,
  `create index "desk_session_person_index" on "desk_session" ("issuer", "subject")`,

  `create function desk_session_stays_ended() returns trigger language plpgsql as $$
   begin
     if old.ended_at is not null and new.ended_at is distinct from old.ended_at then
       raise exception 'this session has ended' using errcode = 'TOC01';
     end if;
     return new;
   end $$`,
  `create trigger desk_session_stays_ended before update on desk_session for each row execute function desk_session_stays_ended()`,

  `create function desk_session_ended() returns trigger language plpgsql as $$
   begin
     if old.ended_at is null and (tg_op = 'DELETE' or new.ended_at is not null) then
       perform pg_notify('tocsin_desk_session', old.id::text);
     end if;
     return null;
   end $$`,
  `create trigger desk_session_ended after update or delete on desk_session for each row execute function desk_session_ended()`,

  `create function account_ends_desk_sessions() returns trigger language plpgsql as $$
   begin
     if old.disabled_at is null and new.disabled_at is not null then
       update desk_session
       set ended_at = now(), refresh_token = null, id_token = null, renew_at = null, renewing_until = null
       where issuer = new.issuer and subject = new.subject and ended_at is null;
     end if;
     return null;
   end $$`,
  `create trigger account_ends_desk_sessions after update on account for each row execute function account_ends_desk_sessions()`,
];
