import { Migration } from '@mikro-orm/migrations';

/**
 * For each entry of the journal, during which time it was what the public knew and its subject was in force by it: so what was in
 * force at a moment of the past is found by an index, however much lies in the archive.
 */
export class M0034InForce extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

/** The span that an entry opens: from its own time, or its start if that is later, to the end that it announces. */
const opened = (entry: string) => `(
  select case when end_at is null or end_at > start_at then tstzrange(start_at, end_at) end
  from (
    select greatest(${entry}.at, coalesce("startsAt", "publishedAt")) as start_at, "endsAt" as end_at
    from jsonb_to_record(${entry}.document) as d(
      "publishedAt" timestamptz, "startsAt" timestamptz, "endsAt" timestamptz, "cancelled" jsonb, "allClear" jsonb)
    where coalesce("cancelled", 'null') = 'null' and coalesce("allClear", 'null') = 'null') window_of_then)`;

/** The spans that the new entry ends: one, as long as the clock of no hub goes back. */
const stillOpen = `thread = new.subject and coalesce(upper(during), 'infinity') > new.at`;

const FIELDS = ['kind', 'mode', 'communes', 'severity', 'hazard', 'incident', 'endsAt'];
const fields = FIELDS.map((field) => `'${field}', document -> '${field}'`).join(', ');

const statements = [
  `create table "in_force" ("entry_id" uuid not null, "thread" uuid not null, "during" tstzrange not null, primary key ("entry_id"))`,

  // What stands already: each entry until the next ones of its subject.
  `insert into in_force (entry_id, thread, during)
   select id, subject, during * tstzrange(null, next_at) from (
     select e.id, e.subject, ${opened('e')} as during,
       min(e.at) over (partition by e.subject order by e.position rows between 1 following and unbounded following) as next_at
     from journal_entry e where e.position is not null) spans
   where during is not null and not isempty(during * tstzrange(null, next_at))`,
  `create index "in_force_during_index" on "in_force" using gist ("during")`,
  `create index "in_force_thread_index" on "in_force" ("thread", (coalesce(upper("during"), 'infinity'::timestamptz)))`,

  // The stamp of the journal alone writes here.
  `create function in_force_kept() returns trigger language plpgsql as $$
   begin
     if pg_trigger_depth() < 2 then
       raise exception '% of what was in force is refused: the journal says it', tg_op using errcode = 'TOC02';
     end if;
     return coalesce(new, old);
   end $$`,
  `create trigger in_force_kept before insert or update or delete on in_force for each row execute function in_force_kept()`,
  `create trigger in_force_never_truncated before truncate on in_force for each statement execute function refuse_change()`,

  // Runs at commit, as before. What was known until now ends with the time of the new entry, and the new one opens its own span.
  `create or replace function journal_entry_stamp() returns trigger language plpgsql as $$
   declare
     next bigint;
   begin
     update journal_head set position = position + 1 where id = 1 returning position into strict next;
     update journal_entry set position = next, before = (
       select jsonb_strip_nulls(jsonb_build_object(${fields})) from (
         select b.document || '{}' as document from journal_entry b
         where b.subject = new.subject and b.position is not null order by b.position desc limit 1) last)
     where id = new.id;
     delete from in_force where ${stillOpen} and lower(during) >= new.at;
     update in_force set during = tstzrange(lower(during), new.at) where ${stillOpen};
     insert into in_force (entry_id, thread, during)
     select new.id, new.subject, during from ${opened('new')} as opened(during) where during is not null;
     return null;
   end $$`,
];
