import { Migration } from '@mikro-orm/migrations';
import { alsoAudited } from './audit-state.ts';

/** Whether institutions have read of the alerts that they were written to about. */
export class M0061InstitutionNotices extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  `create table "institution_notice" ("id" uuid not null, "institution_id" uuid not null, "publication" uuid not null, "revision" int not null, "asked_at" timestamptz(3) not null, "acknowledged_at" timestamptz(3) null, "acknowledged_as" text null, primary key ("id"))`,
  `create index "institution_notice_publication_index" on "institution_notice" ("publication", "institution_id")`,
  `alter table "institution_notice" add constraint "institution_notice_unique" unique ("institution_id", "publication")`,
  `alter table "institution_notice" add constraint "institution_notice_institution_id_foreign" foreign key ("institution_id") references "institution" ("id")`,
  alsoAudited('(select to_jsonb(x) from institution_notice x where x.id = thing)'),
];
