import { Migration } from '@mikro-orm/migrations';
import { alsoAudited } from './audit-state.ts';

/**
 * An incident runs: it has a state, a level, a mode and what the crisis cell works by. Incidents that are there are open, on
 * standby, of the mode of their publications, and have one period. PostgreSQL holds that publications have the mode of
 * their incident (I-37), and that an incident closes only over publications that are named as left running (I-38).
 */
export class M0049RunningIncidents extends Migration {
  override async up(): Promise<void> {
    for (const statement of [...tables, ...earlier, ...functions, ...triggers, auditState]) this.addSql(statement);
  }
}

const LEVELS = `'STANDBY', 'REINFORCED', 'PARTIAL', 'FULL'`;

const tables = [
  `alter table "incident" add column "version" int not null default 1, add column "state" text not null default 'OPEN', add column "level" text not null default 'STANDBY', add column "mode" text not null default 'ACTUAL', add column "objectives" text[] not null default '{}', add column "perimeter" jsonb null, add column "keywords" text[] not null default '{}', add column "channels" text[] not null default '{}', add column "requested_by_id" uuid null, add column "left_running" text[] not null default '{}'`,
  `alter table "incident" alter column "version" drop default, alter column "state" drop default, alter column "level" drop default, alter column "mode" drop default, alter column "objectives" drop default, alter column "keywords" drop default, alter column "channels" drop default, alter column "left_running" drop default`,
  `alter table "incident" add constraint "incident_state_check" check ("state" in ('OPEN', 'CLOSED'))`,
  `alter table "incident" add constraint "incident_level_check" check ("level" in (${LEVELS}))`,
  `alter table "incident" add constraint "incident_mode_check" check ("mode" in ('ACTUAL', 'EXERCISE', 'TEST'))`,
  `alter table "incident" add constraint "incident_requested_by_id_foreign" foreign key ("requested_by_id") references "organisation" ("id") on delete set null`,

  `create table "incident_participant" ("incident_id" uuid not null, "organisation_id" uuid not null, primary key ("incident_id", "organisation_id"))`,
  `alter table "incident_participant" add constraint "incident_participant_incident_id_foreign" foreign key ("incident_id") references "incident" ("id") on update cascade on delete cascade`,
  `alter table "incident_participant" add constraint "incident_participant_organisation_id_foreign" foreign key ("organisation_id") references "organisation" ("id") on update cascade on delete cascade`,

  `create table "incident_period" ("id" uuid not null, "incident_id" uuid not null, "opened_at" timestamptz(3) not null, "opened_for" text null, "closed_at" timestamptz(3) null, "closed_for" text null, primary key ("id"))`,
  `create index "incident_period_incident_index" on "incident_period" ("incident_id")`,
  `create unique index "incident_period_open_unique" on "incident_period" ("incident_id") where "closed_at" is null`,
  `alter table "incident_period" add constraint "incident_period_incident_id_foreign" foreign key ("incident_id") references "incident" ("id")`,

  `create table "incident_level_change" ("id" uuid not null, "incident_id" uuid not null, "level" text not null, "reason" text not null, "at" timestamptz(3) not null, primary key ("id"))`,
  `create index "incident_level_change_incident_index" on "incident_level_change" ("incident_id")`,
  `alter table "incident_level_change" add constraint "incident_level_change_level_check" check ("level" in (${LEVELS}))`,
  `alter table "incident_level_change" add constraint "incident_level_change_incident_id_foreign" foreign key ("incident_id") references "incident" ("id")`,
];

/** The mode of some rows together; null for none. Where they differ, the incident was never an exercise alone. */
const common = (rows: string) =>
  `(select case when bool_or(mode = 'ACTUAL') then 'ACTUAL' else min(mode) end from ${rows})`;

const earlier = [
  `update incident i set mode = coalesce(
     ${common('publication p where p.incident_id = i.id')},
     ${common(`revision r where r.published_at is null and r.abandoned_at is null and r.content->>'incidentId' = i.id::text`)},
     'ACTUAL')`,
  `insert into incident_period (id, incident_id, opened_at) select gen_random_uuid(), id, opened_at from incident`,
];

const functions = [
  `create function incident_guard() returns trigger language plpgsql as $$
   declare
     running int;
   begin
     if tg_op = 'DELETE' then
       raise exception 'an incident is closed, never deleted' using errcode = 'TOC02';
     end if;
     if (new.id, new.mode, new.opened_at) is distinct from (old.id, old.mode, old.opened_at) then
       raise exception 'an incident keeps the mode in which it was opened (I-37)' using errcode = 'TOC02';
     end if;
     if new.state = 'CLOSED' then
       if old.state = 'CLOSED' and new.left_running is distinct from old.left_running then
         raise exception 'a closed incident keeps the list of what it left running (I-38)' using errcode = 'TOC02';
       end if;
       if new.level <> 'STANDBY' then
         raise exception 'a closed incident is on standby (I-38)' using errcode = 'TOC01';
       end if;
     end if;
     if new.state = 'CLOSED' and old.state = 'OPEN' then
       select count(*) into running from publication p
       where p.incident_id = new.id and not p.closed and (p.ends_at is null or p.ends_at > now())
         and not p.id::text = any(new.left_running);
       if running > 0 then
         raise exception '% publication(s) of this incident are in force, and not named as left running (I-38)', running
           using errcode = 'TOC01';
       end if;
     end if;
     return new;
   end $$`,

  `create function incident_period_kept() returns trigger language plpgsql as $$
   begin
     if tg_op = 'DELETE' or old.closed_at is not null or (new.id, new.incident_id, new.opened_at, new.opened_for)
       is distinct from (old.id, old.incident_id, old.opened_at, old.opened_for) then
       raise exception 'a period of an incident is closed once, and stays as it is' using errcode = 'TOC02';
     end if;
     return new;
   end $$`,

  // Publications from before keep the incident that they have, whatever its mode.
  `create function publication_of_incident() returns trigger language plpgsql as $$
   declare
     its text;
   begin
     if new.incident_id is null then
       return new;
     end if;
     if tg_op = 'UPDATE' then
       if new.incident_id is not distinct from old.incident_id and new.mode = old.mode then
         return new;
       end if;
     end if;
     -- Locked, so that it does not close beside this.
     select mode into its from incident where id = new.incident_id for share;
     if its <> new.mode then
       raise exception 'the mode of this incident is %, and so is that of its publications (I-37)', its
         using errcode = 'TOC01';
     end if;
     return new;
   end $$`,
];

const triggers = [
  `create trigger incident_guard before update or delete on incident for each row execute function incident_guard()`,
  `create trigger incident_period_kept before update or delete on incident_period for each row execute function incident_period_kept()`,
  `create trigger incident_level_change_frozen before update or delete on incident_level_change for each row execute function refuse_change()`,
  `create trigger publication_of_incident before insert or update on publication for each row execute function publication_of_incident()`,
  // The schema comparison does not read TRUNCATE triggers back, so these stand in the migration alone.
  `create trigger incident_never_truncated before truncate on incident for each statement execute function refuse_change()`,
  `create trigger incident_period_never_truncated before truncate on incident_period for each statement execute function refuse_change()`,
  `create trigger incident_level_change_never_truncated before truncate on incident_level_change for each statement execute function refuse_change()`,
];

// As it stands, and what belongs to an incident.
const auditState = alsoAudited(
  '(select jsonb_agg(to_jsonb(o) order by o.id) from incident_period o where o.incident_id = thing)',
  '(select jsonb_agg(to_jsonb(l) order by l.id) from incident_level_change l where l.incident_id = thing)',
  '(select jsonb_agg(to_jsonb(y) order by y.organisation_id) from incident_participant y where y.incident_id = thing)',
);
