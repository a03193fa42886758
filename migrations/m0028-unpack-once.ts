import { Migration } from '@mikro-orm/migrations';

/** PostgreSQL keeps documents compressed and unpacks one for each field that is read of it: the stamp reads six of them. */
export class M0028UnpackOnce extends Migration {
  override async up(): Promise<void> {
    this.addSql(stamp);
  }
}

const FIELDS = ['kind', 'mode', 'communes', 'severity', 'hazard', 'incident'];
const fields = FIELDS.map((field) => `'${field}', document -> '${field}'`).join(', ');

// Runs at commit, as before. With its limit the subselect is computed for itself, so that the document is unpacked once in it.
const stamp = `create or replace function journal_entry_stamp() returns trigger language plpgsql as $$
   declare
     next bigint;
   begin
     update journal_head set position = position + 1 where id = 1 returning position into strict next;
     update journal_entry set position = next, before = (
       select jsonb_strip_nulls(jsonb_build_object(${fields})) from (
         select b.document || '{}' as document from journal_entry b
         where b.subject = new.subject and b.position is not null order by b.position desc limit 1) last)
     where id = new.id;
     return null;
   end $$`;
