import { Migration } from '@mikro-orm/migrations';
import { alsoAudited } from './audit-state.ts';

/**
 * The roster of the crisis cell. PostgreSQL keeps what has begun, and holds that a person who has handed over stays on until
 * the other one takes over (I-39).
 */
export class M0051DutyRoster extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const FUNCTIONS = `'LEAD', 'LOG_KEEPER', 'EDITOR', 'VALIDATOR', 'WATCHER', 'CHECKER', 'SDIS_CONTACT', 'DUTY_OFFICER'`;

const statements = [
  `create table "duty_shift" ("id" uuid not null, "version" int not null, "incident_id" uuid null, "duty_function" text not null, "account_id" uuid not null, "rank" int not null, "starts_at" timestamptz(3) not null, "ends_at" timestamptz(3) not null, "handed_to_id" uuid null, "note" text null, "ended_at" timestamptz(3) null, "relieves" uuid null, primary key ("id"))`,
  `create index "duty_shift_incident_index" on "duty_shift" ("incident_id")`,
  `create index "duty_shift_starts_index" on "duty_shift" ("starts_at", "id")`,
  `alter table "duty_shift" add constraint "duty_shift_relieves_unique" unique ("relieves")`,
  `alter table "duty_shift" add constraint "duty_shift_duty_function_check" check ("duty_function" in (${FUNCTIONS}))`,
  `alter table "duty_shift" add constraint "duty_shift_incident_id_foreign" foreign key ("incident_id") references "incident" ("id") on delete set null`,
  `alter table "duty_shift" add constraint "duty_shift_account_id_foreign" foreign key ("account_id") references "account" ("id")`,
  `alter table "duty_shift" add constraint "duty_shift_handed_to_id_foreign" foreign key ("handed_to_id") references "account" ("id") on delete set null`,

  `create function duty_shift_guard() returns trigger language plpgsql as $$
   declare
     takes_over boolean := tg_op <> 'DELETE' and new.relieves is not null;
   begin
     if tg_op = 'DELETE' then
       if old.starts_at <= now() or old.handed_to_id is not null or old.relieves is not null then
         raise exception 'a shift that has begun stays on record' using errcode = 'TOC02';
       end if;
       return old;
     end if;
     if new.ends_at <= new.starts_at then
       raise exception 'a shift ends after it began' using errcode = 'TOC01';
     end if;
     if tg_op = 'UPDATE' then
       if old.ended_at is not null or new.id <> old.id then
         raise exception 'a shift that is done stays as it is (I-39)' using errcode = 'TOC02';
       end if;
       if old.relieves is not null then
         if new.relieves is distinct from old.relieves then
           raise exception 'a shift that took over another stays so (I-39)' using errcode = 'TOC02';
         end if;
         takes_over := false;
       end if;
       if (old.starts_at <= now() or old.handed_to_id is not null)
         and (new.incident_id, new.duty_function, new.account_id, new.starts_at)
           is distinct from (old.incident_id, old.duty_function, old.account_id, old.starts_at) then
         raise exception 'a shift that has begun keeps its person (I-39)' using errcode = 'TOC02';
       end if;
       if old.handed_to_id is not null and (new.handed_to_id is null or new.ends_at <> old.ends_at) then
         raise exception 'a shift that is handed over lasts until somebody takes over (I-39)' using errcode = 'TOC02';
       end if;
     end if;
     if new.ended_at is not null
       and not exists (select 1 from duty_shift s where s.relieves = new.id and s.account_id = new.handed_to_id) then
       raise exception 'nobody has taken over this shift (I-39)' using errcode = 'TOC01';
     end if;
     if takes_over then
       perform 1 from duty_shift s
       where s.id = new.relieves and s.handed_to_id = new.account_id and s.duty_function = new.duty_function
         and s.incident_id is not distinct from new.incident_id and s.ended_at is null
       for update;
       if not found then
         raise exception 'a shift is taken over by the person to whom it was handed (I-39)' using errcode = 'TOC01';
       end if;
     end if;
     return new;
   end $$`,

  `create trigger duty_shift_guard before insert or update or delete on duty_shift for each row execute function duty_shift_guard()`,
  // The schema comparison does not read TRUNCATE triggers back, so this stands in the migration alone.
  `create trigger duty_shift_never_truncated before truncate on duty_shift for each statement execute function refuse_change()`,

  // As it stands, and a shift with the one that took it over.
  alsoAudited(
    '(select jsonb_agg(to_jsonb(u) order by u.id) from duty_shift u where u.id = thing or u.relieves = thing)',
  ),
];
