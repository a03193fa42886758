import { Migration } from '@mikro-orm/migrations';

/**
 * The bytes of every CAP message as they left, signed: written once, in the transaction that publishes, and served for ever.
 * From now on no message is drawn without them. Messages from before get theirs when the hub starts.
 */
export class M0006CapSeals extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  `create table "cap_seal" ("identifier" text not null, "thread" uuid not null, "revision" int not null, "sha256" text not null, "bytes" bytea not null, "sealed_at" timestamptz(3) not null, primary key ("identifier"))`,
  `create index "cap_seal_thread_index" on "cap_seal" ("thread")`,
  `alter table "cap_seal" add constraint "cap_seal_sha256_check" check (sha256 = encode(sha256(bytes), 'hex'))`,
  `create trigger cap_seal_frozen before update or delete on cap_seal for each row execute function refuse_change()`,
  `create trigger cap_seal_never_truncated before truncate on cap_seal for each statement execute function refuse_change()`,

  // At commit, so that message and seal may be written in any order.
  `create function cap_message_sealed() returns trigger language plpgsql as $$
   begin
     if not exists (select 1 from cap_seal where identifier = new.identifier and thread = new.thread) then
       raise exception 'a CAP message is drawn only together with its sealed bytes' using errcode = 'TOC03';
     end if;
     return null;
   end $$`,
  `create constraint trigger cap_message_sealed after insert on cap_message deferrable initially deferred for each row execute function cap_message_sealed()`,
];
