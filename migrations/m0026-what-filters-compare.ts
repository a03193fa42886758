import { Migration } from '@mikro-orm/migrations';

/**
 * Filters of changes compare the hazard and the incident too, so each entry of the journal keeps what they were before. An
 * entry also says whether it rings only because its publication reaches further: a follower elsewhere is not disturbed then.
 * The fields are those that `board/filter/change-filter.rules.ts` compares.
 */
export class M0026WhatFiltersCompare extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const FIELDS = ['kind', 'mode', 'communes', 'severity', 'hazard', 'incident'];
const fieldsOf = (document: string) =>
  `jsonb_strip_nulls(jsonb_build_object(${FIELDS.map((field) => `'${field}', ${document} -> '${field}'`).join(', ')}))`;

const statements = [
  `alter table "journal_entry" add column "only_wider" boolean not null default false`,

  // What stands already gets it too; no guard lets an entry change.
  `alter table "journal_entry" disable trigger "journal_entry_frozen"`,
  `update journal_entry e set before = (
     select ${fieldsOf('b.document')} from journal_entry b
     where b.subject = e.subject and b.position < e.position order by b.position desc limit 1)`,
  `alter table "journal_entry" enable trigger "journal_entry_frozen"`,

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
