import { Migration } from '@mikro-orm/migrations';

/**
 * The audit log (I-14): who did what to what, and when, each entry chained to the one before by its hash. Position and
 * hash are stamped when the transaction commits, so the chain follows the order of commits and has no gap; rows never
 * change afterwards. `src/office/audit.rules.ts` computes the same hash to verify the chain.
 */
export class M0003Audit extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  `create table "audit_entry" ("id" uuid not null, "position" bigint null, "at" timestamptz(3) not null, "actor" uuid null, "action" text not null, "subject" uuid null, "state_before" text null, "state_after" text null, "hash" text null, primary key ("id"))`,
  `alter table "audit_entry" add constraint "audit_entry_position_unique" unique ("position")`,
  `create index "audit_entry_subject_index" on "audit_entry" ("subject", "position")`,
  `create table "audit_head" ("id" int not null, "position" bigint not null, "hash" text not null, primary key ("id"))`,
  `insert into audit_head (id, position, hash) values (1, 0, '')`,

  // What a thing is at this moment, as one hash: its rows, and by their content hashes what was written.
  `create function audit_state(thing uuid) returns text language sql stable as $$
     select case when rows = '' then null else encode(sha256(convert_to(rows, 'UTF8')), 'hex') end
     from (select concat(
       (select to_jsonb(d) from dossier d where d.id = thing),
       (select jsonb_agg(to_jsonb(r) - 'content' order by r.id) from revision r where r.dossier_id = thing),
       (select jsonb_agg(to_jsonb(a) order by a.id) from approval a join revision r on r.id = a.revision_id where r.dossier_id = thing),
       (select to_jsonb(p) from publication p where p.id = thing),
       (select to_jsonb(i) from incident i where i.id = thing),
       (select to_jsonb(t) from report t where t.id = thing),
       (select jsonb_agg(to_jsonb(c) order by c.id) from conclusion c where c.report_id = thing)
     ) as rows) as state
   $$`,

  `create function audit_entry_frozen() returns trigger language plpgsql as $$
   begin
     if tg_op = 'INSERT' then
       if new.position is not null or new.hash is not null then
         raise exception 'an audit entry is stamped at commit' using errcode = 'TOC02';
       end if;
       return new;
     end if;
     if tg_op = 'UPDATE' and pg_trigger_depth() > 1 and old.position is null and new.position is not null
       and (to_jsonb(new) - '{position,hash}'::text[]) = (to_jsonb(old) - '{position,hash}'::text[]) then
       return new;
     end if;
     raise exception '% of an audit entry is refused', tg_op using errcode = 'TOC02';
   end $$`,

  // Runs at commit. The head row stays locked until the commit is visible: one entry after the other.
  `create function audit_entry_stamp() returns trigger language plpgsql as $$
   declare
     head audit_head%rowtype;
     fields text;
   begin
     select * into strict head from audit_head where id = 1 for update;
     fields := concat_ws(E'\\n', head.hash, head.position + 1, new.id,
       (extract(epoch from new.at) * 1000)::bigint, coalesce(new.actor::text, ''), new.action,
       coalesce(new.subject::text, ''), coalesce(new.state_before, ''), coalesce(new.state_after, ''));
     head.hash := encode(sha256(convert_to(fields, 'UTF8')), 'hex');
     update audit_head set position = head.position + 1, hash = head.hash where id = 1;
     update audit_entry set position = head.position + 1, hash = head.hash where id = new.id;
     return null;
   end $$`,

  `create trigger audit_entry_frozen before insert or update or delete on audit_entry for each row execute function audit_entry_frozen()`,
  `create constraint trigger audit_entry_stamp after insert on audit_entry deferrable initially deferred for each row execute function audit_entry_stamp()`,
  // The schema comparison does not read TRUNCATE triggers back, so these stand in the migration alone.
  ...['audit_entry', 'audit_head'].map(
    (table) =>
      `create trigger ${table}_never_truncated before truncate on ${table} for each statement execute function refuse_change()`,
  ),
];
