import { Migration } from '@mikro-orm/migrations';
import { alsoAudited } from './audit-state.ts';

/** Archives of incidents that somebody took: each is on record, with its audit entry (I-14), before its first byte leaves. */
export class M0062IncidentArchives extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  `create table "incident_archive" ("id" uuid not null, "incident_id" uuid not null, "hash" text not null, "lines" int not null, "bytes" bigint not null, "seal" text not null, "by_id" uuid not null, "at" timestamptz(3) not null, primary key ("id"))`,
  `create index "incident_archive_hash_index" on "incident_archive" ("hash", "at")`,
  `alter table "incident_archive" add constraint "incident_archive_incident_id_foreign" foreign key ("incident_id") references "incident" ("id")`,
  `alter table "incident_archive" add constraint "incident_archive_by_id_foreign" foreign key ("by_id") references "account" ("id")`,
  `create trigger incident_archive_frozen before update or delete on incident_archive for each row execute function refuse_change()`,
  // The schema comparison does not read TRUNCATE triggers back, so this stands in the migration alone.
  `create trigger incident_archive_never_truncated before truncate on incident_archive for each statement execute function refuse_change()`,
  // As it stands, and an archive.
  alsoAudited('(select to_jsonb(x) from incident_archive x where x.id = thing)'),
];
