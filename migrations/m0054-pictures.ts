import { Migration } from '@mikro-orm/migrations';
import { alsoAudited } from './audit-state.ts';

/**
 * Pictures of reports, their bytes in a table apart. A picture has bytes until it is erased; then they are gone with all that
 * tells where, when and of what it was taken, for good (I-44). Its hash, its hour of reception and its bringer stay.
 */
export class M0054Pictures extends Migration {
  override async up(): Promise<void> {
    for (const statement of [...tables, ...functions, ...triggers, audited]) this.addSql(statement);
  }
}

const tables = [
  `create table "picture" ("id" uuid not null, "report_id" uuid null, "by_id" uuid not null, "received_at" timestamptz(3) not null, "kind" text not null, "size" int not null, "sha256" text not null, "width" int not null, "height" int not null, "fingerprint" text null, "taken_at" timestamptz(3) null, "lon" double precision null, "lat" double precision null, "veils" uuid null, "erased_at" timestamptz(3) null, primary key ("id"))`,
  `create index "picture_report_index" on "picture" ("report_id")`,
  `create index "picture_waiting_index" on "picture" ("by_id", "received_at") where "report_id" is null and "erased_at" is null`,
  `alter table "picture" add constraint "picture_veils_unique" unique ("veils")`,
  `alter table "picture" add constraint "picture_kind_check" check (kind in ('JPEG', 'PNG', 'WEBP', 'HEIC'))`,
  `alter table "picture" add constraint "picture_point_check" check ((lon is null) = (lat is null))`,
  `alter table "picture" add constraint "picture_sha256_check" check (sha256 ~ '^[0-9a-f]{64}$')`,
  `alter table "picture" add constraint "picture_fingerprint_check" check (fingerprint ~ '^[0-9a-f]{16}$')`,
  `alter table "picture" add constraint "picture_erased_check" check (erased_at is null or (taken_at is null and lon is null and fingerprint is null))`,
  `alter table "picture" add constraint "picture_report_id_foreign" foreign key ("report_id") references "report" ("id") on delete set null`,
  `alter table "picture" add constraint "picture_by_id_foreign" foreign key ("by_id") references "account" ("id")`,

  `create table "picture_bytes" ("picture_id" uuid not null, "whole" bytea not null, "thumbnail" bytea not null, primary key ("picture_id"))`,
  `alter table "picture_bytes" add constraint "picture_bytes_picture_id_foreign" foreign key ("picture_id") references "picture" ("id") on update cascade on delete cascade`,
  // WebP does not get smaller: PostgreSQL is not to try.
  `alter table "picture_bytes" alter column "whole" set storage external`,
  `alter table "picture_bytes" alter column "thumbnail" set storage external`,
];

const functions = [
  `create function picture_kept() returns trigger language plpgsql as $$
   begin
     if tg_op = 'DELETE' then
       raise exception 'a picture stays on record: what is erased is its bytes (I-44)' using errcode = 'TOC02';
     end if;
     if old.erased_at is not null then
       raise exception 'an erased picture never comes back (I-44)' using errcode = 'TOC02';
     end if;
     if (to_jsonb(new) - '{report_id,erased_at,taken_at,lon,lat,fingerprint}'::text[])
         <> (to_jsonb(old) - '{report_id,erased_at,taken_at,lon,lat,fingerprint}'::text[])
       or (old.report_id is not null and new.report_id is distinct from old.report_id)
       or (new.erased_at is null and (new.taken_at, new.lon, new.lat, new.fingerprint)
         is distinct from (old.taken_at, old.lon, old.lat, old.fingerprint)) then
       raise exception 'a picture stays as it came: it gets a report once, and is erased' using errcode = 'TOC02';
     end if;
     return new;
   end $$`,

  // At commit, so that picture and bytes may be written and erased in any order.
  `create function picture_whole() returns trigger language plpgsql as $$
   begin
     if exists (select 1 from picture p where p.id = new.id
       and (p.erased_at is null) <> exists (select 1 from picture_bytes b where b.picture_id = p.id)) then
       raise exception 'a picture has bytes until it is erased, and none afterwards (I-44)' using errcode = 'TOC03';
     end if;
     return null;
   end $$`,

  `create function picture_bytes_kept() returns trigger language plpgsql as $$
   begin
     if tg_op = 'UPDATE' or exists (select 1 from picture where id = new.picture_id and erased_at is not null) then
       raise exception 'the bytes of a picture never change (I-44)' using errcode = 'TOC02';
     end if;
     return new;
   end $$`,

  `create function picture_bytes_erased() returns trigger language plpgsql as $$
   begin
     if exists (select 1 from picture where id = old.picture_id and erased_at is null) then
       raise exception 'a picture without bytes is one that was erased (I-44)' using errcode = 'TOC03';
     end if;
     return null;
   end $$`,
];

const triggers = [
  `create trigger picture_kept before update or delete on picture for each row execute function picture_kept()`,
  `create constraint trigger picture_whole after insert or update on picture deferrable initially deferred for each row execute function picture_whole()`,
  `create trigger picture_bytes_kept before insert or update on picture_bytes for each row execute function picture_bytes_kept()`,
  `create constraint trigger picture_bytes_erased after delete on picture_bytes deferrable initially deferred for each row execute function picture_bytes_erased()`,
  // The schema comparison does not read TRUNCATE triggers back, so these stand in the migration alone.
  ...['picture', 'picture_bytes'].map(
    (table) =>
      `create trigger ${table}_never_truncated before truncate on ${table} for each statement execute function refuse_change()`,
  ),
];

// As it stands, and a picture, and the pictures of a report: without what may tell of people, not even as part of a hash.
const audited = alsoAudited(
  `(select to_jsonb(x) - '{taken_at,lon,lat,fingerprint}'::text[] from picture x where x.id = thing)`,
  `(select jsonb_agg(to_jsonb(x) - '{taken_at,lon,lat,fingerprint}'::text[] order by x.id) from picture x where x.report_id = thing)`,
);
