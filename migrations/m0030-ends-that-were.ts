import { Migration } from '@mikro-orm/migrations';

/**
 * Feeds say what a revision ended before its time, so each entry of the journal keeps the end that was announced before it,
 * beside the fields that filters compare (`board/departure.ts`).
 */
export class M0030EndsThatWere extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const FIELDS = ['kind', 'mode', 'communes', 'severity', 'hazard', 'incident', 'endsAt'];
const fields = FIELDS.map((field) => `'${field}', document -> '${field}'`).join(', ');

/** The fields of the last document of a subject; with its limit the inner select is computed for itself, so that the document is unpacked once. */
const lastOf = (subject: string, earlier: string) => `(
  select jsonb_strip_nulls(jsonb_build_object(${fields})) from (
    select b.document || '{}' as document from journal_entry b
    where b.subject = ${subject} and ${earlier} order by b.position desc limit 1) last)`;

const statements = [
  // What stands already gets it too; no guard lets an entry change.
  `alter table "journal_entry" disable trigger "journal_entry_frozen"`,
  `update journal_entry e set before = ${lastOf('e.subject', 'b.position < e.position')}`,
  `alter table "journal_entry" enable trigger "journal_entry_frozen"`,

  `create or replace function journal_entry_stamp() returns trigger language plpgsql as $$
   declare
     next bigint;
   begin
     update journal_head set position = position + 1 where id = 1 returning position into strict next;
     update journal_entry set position = next, before = ${lastOf('new.subject', 'b.position is not null')}
     where id = new.id;
     return null;
   end $$`,
];
