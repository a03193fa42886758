import { Migration } from '@mikro-orm/migrations';

/**
 * Each public thread keeps when its latest journal entry was made, an end or a verification too, so that a reader who comes now and then
 * finds by an index what has changed since. At commit PostgreSQL holds the row against that entry (I-13).
 */
export class M0029LatestEntry extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  `alter table "publication" add column "updated_at" timestamptz(3) null`,

  // Nothing changes of what is public, and a constraint that waits for the commit would keep the table from being altered.
  `alter table "publication" disable trigger user`,
  `update publication p set updated_at = e.at from journal_entry e where e.id = p.latest_entry_id`,
  `alter table "publication" enable trigger user`,
  `alter table "publication" alter column "updated_at" set not null`,
  `create index "publication_updated_index" on "publication" ("updated_at")`,

  `create or replace function publication_announced() returns trigger language plpgsql as $$
   begin
     if not exists (
       select 1 from journal_entry where id = new.latest_entry_id and subject = new.id and at = new.updated_at) then
       raise exception 'a public state changes only together with its journal entry' using errcode = 'TOC03';
     end if;
     return null;
   end $$`,
];
