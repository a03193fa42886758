import { Migration } from '@mikro-orm/migrations';

/** Lists that somebody took away as files: each is on record, with its audit entry (I-14), before its first byte leaves. */
export class M0048DeskExports extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  `create table "desk_export" ("id" uuid not null, "list" text not null, "filter" jsonb not null, "row_count" int not null, "by_id" uuid not null, "at" timestamptz(3) not null, primary key ("id"))`,
  `alter table "desk_export" add constraint "desk_export_by_id_foreign" foreign key ("by_id") references "account" ("id")`,
  `create trigger desk_export_frozen before update or delete on desk_export for each row execute function refuse_change()`,
  // The schema comparison does not read TRUNCATE triggers back, so this stands in the migration alone.
  `create trigger desk_export_never_truncated before truncate on desk_export for each statement execute function refuse_change()`,

  // As it stands, and an export.
  `do $do$
   declare
     before text := (select prosrc from pg_proc where oid = 'audit_state(uuid)'::regprocedure);
     after text := regexp_replace(before, '\\)\\s*\\) as rows\\) as state',
       '), (select to_jsonb(x) from desk_export x where x.id = thing)) as rows) as state');
   begin
     if after = before then
       raise exception 'audit_state is not as this migration knows it';
     end if;
     execute format('create or replace function audit_state(thing uuid) returns text language sql stable as %L', after);
   end $do$`,
];
