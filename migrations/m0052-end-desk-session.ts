import { Migration } from '@mikro-orm/migrations';

/** People and administrators end sessions of the desk: each end is on record, with its audit entry (I-14). */
export class M0052EndDeskSession extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  // As it stands, and a session; its secrets are none of the log's, not even as part of a hash.
  `do $do$
   declare
     before text := (select prosrc from pg_proc where oid = 'audit_state(uuid)'::regprocedure);
     after text := regexp_replace(before, '\\)\\s*\\) as rows\\) as state',
       '), (select to_jsonb(x) - ''secret_hash'' - ''refresh_token'' - ''id_token'' from desk_session x where x.id = thing)) as rows) as state');
   begin
     if after = before then
       raise exception 'audit_state is not as this migration knows it';
     end if;
     execute format('create or replace function audit_state(thing uuid) returns text language sql stable as %L', after);
   end $do$`,
];
