import { Migration } from '@mikro-orm/migrations';

/**
 * Each entry of the journal keeps what decided, before it, which filters its subject passed: so a follower is told of what
 * leaves its filter. PostgreSQL stamps it together with the position, since the order of commits alone says which entry
 * came before. The fields are those that `board/filter/change-filter.rules.ts` compares.
 */
export class M0022WhatWasBefore extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const FIELDS = ['kind', 'mode', 'communes', 'severity'];
const fieldsOf = (document: string) =>
  `jsonb_strip_nulls(jsonb_build_object(${FIELDS.map((field) => `'${field}', ${document} -> '${field}'`).join(', ')}))`;

const statements = [
  `alter table "journal_entry" add column "before" jsonb null`,

  // What stands already gets it too; no guard lets an entry change.
  `alter table "journal_entry" disable trigger "journal_entry_frozen"`,
  `update journal_entry e set before = (
     select ${fieldsOf('b.document')} from journal_entry b
     where b.subject = e.subject and b.position < e.position order by b.position desc limit 1)`,
  `alter table "journal_entry" enable trigger "journal_entry_frozen"`,

  `create or replace function journal_entry_frozen() returns trigger language plpgsql as $$
   begin
     if tg_op = 'INSERT' then
       if new.position is not null or new.before is not null then
         raise exception 'positions, and what was before, are stamped at commit, never given' using errcode = 'TOC02';
       end if;
       return new;
     end if;
     if tg_op = 'UPDATE' and pg_trigger_depth() > 1 and old.position is null and new.position is not null
       and (to_jsonb(new) - 'position' - 'before') = (to_jsonb(old) - 'position' - 'before') then
       return new;
     end if;
     raise exception '% of a journal entry is refused', tg_op using errcode = 'TOC02';
   end $$`,

  // Runs at commit. The head row stays locked until the commit is visible: positions are dense and in commit order, and
  // the last entry of the subject is the one before this.
  `create or replace function journal_entry_stamp() returns trigger language plpgsql as $$
   declare
     next bigint;
   begin
     update journal_head set position = position + 1 where id = 1 returning position into strict next;
     update journal_entry set position = next, before = (
       select ${fieldsOf('b.document')} from journal_entry b
       where b.subject = new.subject and b.position is not null order by b.position desc limit 1)
     where id = new.id;
     return null;
   end $$`,
];
