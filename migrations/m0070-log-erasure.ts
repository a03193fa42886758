import { Migration } from '@mikro-orm/migrations';

/** How far the log of an incident has been gone through for people, 90 days after the incident was closed (I-60). */
export class M0070LogErasure extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `create table "log_erasure" ("incident_id" uuid not null, "number" int not null, "at" timestamptz(3) not null, primary key ("incident_id"))`,
    );
    this.addSql(
      `alter table "log_erasure" add constraint "log_erasure_incident_id_foreign" foreign key ("incident_id") references "incident" ("id") on update cascade on delete cascade`,
    );
  }
}
