import { Migration } from '@mikro-orm/migrations';

/**
 * Reports: what was seen, what checking found, and apart from both what identifies people. Held here too: nobody
 * concludes on what they submitted, conclusions are marked when reopened and never deleted, evidence never changes, and
 * what is on the public map is confirmed.
 */
export class M0002Reports extends Migration {
  override async up(): Promise<void> {
    for (const statement of [...search, ...tables, ...triggers]) this.addSql(statement);
  }
}

// Unaccented words alone lose their stems ("inondée" no longer finds "inondation"), so both forms are indexed. unaccent
// is declared STABLE because its dictionary is looked up by path; named with its schema, it does not change. A database
// of locale C takes every character beyond ASCII for a letter, capitals included, hence search_words.
const search = [
  `create extension if not exists unaccent with schema public`,
  `create function search_words(text) returns text language sql immutable parallel safe as $$
     select translate(lower($1 collate "und-x-icu"), '’‘“”«»…–—·•°€\u00a0\u202f', repeat(' ', 15))
   $$`,
  `create function search_plain(text) returns text language sql immutable parallel safe as $$
     select public.unaccent('public.unaccent'::regdictionary, $1)
   $$`,
  `create function search_vector(text) returns tsvector language sql immutable parallel safe as $$
     select to_tsvector('pg_catalog.french', public.search_words($1))
       || to_tsvector('pg_catalog.simple', public.search_plain(public.search_words($1)))
   $$`,
  // Every word must be there, in either form. Stop words ask for nothing; words of nothing else find nothing.
  `create function search_query(text) returns tsquery language sql immutable parallel safe as $$
     select string_agg('(' || (french || plain)::text || ')', ' & ')::tsquery
     from (
       select plainto_tsquery('pg_catalog.french', token) as french,
         plainto_tsquery('pg_catalog.simple', public.search_plain(token)) as plain
       from ts_parse('default', public.search_words($1))
     ) as words
     where numnode(french) > 0
   $$`,
];

const tables = [
  `create table "report" ("id" uuid not null, "state" text not null, "text" text not null, "channel" text not null, "url" text null, "seen_at" timestamptz(3) not null, "commune" text null, "lon" double precision null, "lat" double precision null, "category" text null, "submitted_by_id" uuid not null, "submitted_at" timestamptz(3) not null, "claimed_by_id" uuid null, "claimed_until" timestamptz(3) null, "duplicate_of_id" uuid null, "escalated" boolean not null, "marked_public" boolean not null, "closed_at" timestamptz(3) null, primary key ("id"))`,
  `create index "report_submitted_index" on "report" ("submitted_at", "id")`,
  `create index "report_state_index" on "report" ("state", "submitted_at", "id")`,
  `create index "report_words_index" on "report" using gin (search_vector("text"))`,
  `alter table "report" add constraint "report_state_check" check ("state" in ('NEW', 'CLAIMED', 'CONFIRMED', 'PARTLY_CONFIRMED', 'UNVERIFIABLE', 'REFUTED', 'OUTDATED', 'DUPLICATE', 'NOT_USEFUL'))`,
  `alter table "report" add constraint "report_claim_check" check ((state = 'CLAIMED') = (claimed_by_id is not null) and (state = 'CLAIMED') = (claimed_until is not null))`,
  `alter table "report" add constraint "report_closed_check" check ((state in ('NEW', 'CLAIMED')) = (closed_at is null))`,
  `alter table "report" add constraint "report_duplicate_check" check ((state = 'DUPLICATE') = (duplicate_of_id is not null))`,
  `alter table "report" add constraint "report_public_check" check (not marked_public or state = 'CONFIRMED')`,
  `alter table "report" add constraint "report_point_check" check ((lon is null) = (lat is null))`,
  `alter table "report" add constraint "report_submitted_by_id_foreign" foreign key ("submitted_by_id") references "account" ("id")`,
  `alter table "report" add constraint "report_claimed_by_id_foreign" foreign key ("claimed_by_id") references "account" ("id") on delete set null`,
  `alter table "report" add constraint "report_duplicate_of_id_foreign" foreign key ("duplicate_of_id") references "report" ("id") on delete set null`,

  `create table "report_personal" ("report_id" uuid not null, "captured" text not null, "url" text null, "items" jsonb not null, primary key ("report_id"))`,
  `alter table "report_personal" add constraint "report_personal_report_id_foreign" foreign key ("report_id") references "report" ("id") on update cascade on delete cascade`,

  `create table "conclusion" ("id" uuid not null, "report_id" uuid not null, "state" text not null, "explanation" text not null, "by_id" uuid not null, "at" timestamptz(3) not null, "reopened_by_id" uuid null, "reopened_at" timestamptz(3) null, "reopen_reason" text null, primary key ("id"))`,
  `create unique index "conclusion_standing_unique" on "conclusion" ("report_id") where "reopened_at" is null`,
  `create index "conclusion_report_index" on "conclusion" ("report_id", "at")`,
  `alter table "conclusion" add constraint "conclusion_state_check" check ("state" in ('CONFIRMED', 'PARTLY_CONFIRMED', 'UNVERIFIABLE', 'REFUTED', 'OUTDATED', 'DUPLICATE', 'NOT_USEFUL'))`,
  `alter table "conclusion" add constraint "conclusion_report_id_foreign" foreign key ("report_id") references "report" ("id")`,
  `alter table "conclusion" add constraint "conclusion_by_id_foreign" foreign key ("by_id") references "account" ("id")`,
  `alter table "conclusion" add constraint "conclusion_reopened_by_id_foreign" foreign key ("reopened_by_id") references "account" ("id") on delete set null`,

  `create table "evidence" ("id" uuid not null, "conclusion_id" uuid not null, "place" int not null, "label" text not null, "url" text not null, "official" boolean not null, "independence_group" text null, primary key ("id"))`,
  `alter table "evidence" add constraint "evidence_place_unique" unique ("conclusion_id", "place")`,
  `alter table "evidence" add constraint "evidence_conclusion_id_foreign" foreign key ("conclusion_id") references "conclusion" ("id")`,

  `create table "dossier_report" ("dossier_id" uuid not null, "report_id" uuid not null, primary key ("dossier_id", "report_id"))`,
  `create index "dossier_report_report_index" on "dossier_report" ("report_id")`,
  `alter table "dossier_report" add constraint "dossier_report_dossier_id_foreign" foreign key ("dossier_id") references "dossier" ("id") on update cascade on delete cascade`,
  `alter table "dossier_report" add constraint "dossier_report_report_id_foreign" foreign key ("report_id") references "report" ("id") on update cascade on delete cascade`,
];

const triggers = [
  `create function conclusion_kept() returns trigger language plpgsql as $$
   begin
     if tg_op = 'DELETE' then
       raise exception 'a conclusion is reopened, never deleted' using errcode = 'TOC02';
     end if;
     if tg_op = 'UPDATE' then
       if old.reopened_at is not null or new.reopened_at is null
         or (to_jsonb(new) - '{reopened_at,reopened_by_id,reopen_reason}'::text[])
           <> (to_jsonb(old) - '{reopened_at,reopened_by_id,reopen_reason}'::text[]) then
         raise exception 'a conclusion can only be reopened, once' using errcode = 'TOC02';
       end if;
       return new;
     end if;
     if new.state not in ('DUPLICATE', 'NOT_USEFUL')
       and exists (select 1 from report r where r.id = new.report_id and r.submitted_by_id = new.by_id) then
       raise exception 'nobody concludes on what they submitted' using errcode = 'TOC01';
     end if;
     return new;
   end $$`,
  `create trigger conclusion_kept before insert or update or delete on conclusion for each row execute function conclusion_kept()`,
  `create trigger evidence_kept before update or delete on evidence for each row execute function refuse_change()`,
  // The schema comparison does not read TRUNCATE triggers back, so these stand in the migration alone.
  ...['conclusion', 'evidence'].map(
    (table) =>
      `create trigger ${table}_never_truncated before truncate on ${table} for each statement execute function refuse_change()`,
  ),
];
