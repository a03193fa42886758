import { Migration } from '@mikro-orm/migrations';

/** Webhooks: who is told what changes, with which keys messages are signed, and every message on its way. */
export class M0008Webhooks extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  `create table "webhook" ("id" uuid not null, "version" int not null, "owner_id" uuid not null, "name" text not null, "url" text not null, "kinds" text[] null, "communes" text[] null, "severity_at_least" text null, "modes" text[] not null, "networks" text[] not null, "language" text not null, "created_at" timestamptz(3) not null, "position" bigint not null, "paused" text null, "paused_at" timestamptz(3) null, "failing_since" timestamptz(3) null, primary key ("id"))`,
  `create table "webhook_key" ("id" uuid not null, "webhook_id" uuid not null, "signature" text not null, "secret" text not null, "public_key" text null, "created_at" timestamptz(3) not null, "expires_at" timestamptz(3) null, primary key ("id"))`,
  `create index "webhook_key_webhook_index" on "webhook_key" ("webhook_id")`,
  `create table "webhook_delivery" ("id" uuid not null, "webhook_id" uuid not null, "position" bigint null, "type" text not null, "publication" uuid null, "body" text not null, "state" text not null, "attempts" int not null, "created_at" timestamptz(3) not null, "due_at" timestamptz(3) not null, "lease" uuid null, "leased_until" timestamptz(3) null, "attempted_at" timestamptz(3) null, "ended_at" timestamptz(3) null, "status" int null, "fault" text null, primary key ("id"))`,
  `create index "webhook_delivery_due_index" on "webhook_delivery" ("state", "due_at")`,
  `create index "webhook_delivery_log_index" on "webhook_delivery" ("webhook_id", "created_at", "id")`,
  `alter table "webhook_delivery" add constraint "webhook_delivery_order_unique" unique ("webhook_id", "position")`,
  `alter table "webhook" add constraint "webhook_owner_id_foreign" foreign key ("owner_id") references "account" ("id")`,
  `alter table "webhook_delivery" add constraint "webhook_delivery_webhook_id_foreign" foreign key ("webhook_id") references "webhook" ("id") on delete cascade`,
  `alter table "webhook_key" add constraint "webhook_key_webhook_id_foreign" foreign key ("webhook_id") references "webhook" ("id") on delete cascade`,

  // As before, and a webhook by what people decided of it; of its keys which there are, never what they are.
  `create or replace function audit_state(thing uuid) returns text language sql stable as $$
     select case when rows = '' then null else encode(sha256(convert_to(rows, 'UTF8')), 'hex') end
     from (select concat(
       (select to_jsonb(d) from dossier d where d.id = thing),
       (select jsonb_agg(to_jsonb(r) - 'content' order by r.id) from revision r where r.dossier_id = thing),
       (select jsonb_agg(to_jsonb(a) order by a.id) from approval a join revision r on r.id = a.revision_id where r.dossier_id = thing),
       (select to_jsonb(p) from publication p where p.id = thing),
       (select to_jsonb(i) from incident i where i.id = thing),
       (select to_jsonb(t) from report t where t.id = thing),
       (select jsonb_agg(to_jsonb(c) order by c.id) from conclusion c where c.report_id = thing),
       (select to_jsonb(w) - '{due_at,looked_at,etag,last_modified,fault,failures}'::text[] from watcher w where w.id = thing),
       (select jsonb_agg(to_jsonb(s) order by s.id) from social_post s where s.publication_id = thing),
       (select to_jsonb(h) - '{position,paused,paused_at,failing_since}'::text[] from webhook h where h.id = thing),
       (select jsonb_agg(to_jsonb(k) - 'secret' order by k.id) from webhook_key k where k.webhook_id = thing)
     ) as rows) as state
   $$`,
];
