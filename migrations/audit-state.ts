/**
 * The statement that has `audit_state` (I-14) look at more: each of `rows` is a subselect of what stands in the database of the
 * `thing`. It adds to the function as the migrations before left it, and refuses one that it does not know.
 */
export const alsoAudited = (...rows: readonly string[]): string => `do $do$
   declare
     before text := (select prosrc from pg_proc where oid = 'audit_state(uuid)'::regprocedure);
     after text := regexp_replace(before, '\\)\\s*\\) as rows\\) as state',
       '), ${rows.join(',\n       ').replaceAll("'", "''")}) as rows) as state');
   begin
     if after = before then
       raise exception 'audit_state is not as this migration knows it';
     end if;
     execute format('create or replace function audit_state(thing uuid) returns text language sql stable as %L', after);
   end $do$`;
