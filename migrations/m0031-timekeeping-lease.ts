import { Migration } from '@mikro-orm/migrations';

/** Which process keeps time stands in a row with an end, in place of a lock that lived as long as its TCP connection. */
export class M0031TimekeepingLease extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  `create table "timekeeping_lease" ("id" int not null, "fencing" bigint not null, "holder" uuid null, "session" int null, "until" timestamptz(3) not null, "kept_at" timestamptz(3) not null, primary key ("id"))`,
  `alter table "timekeeping_lease" add constraint "timekeeping_lease_fencing_unique" unique ("fencing")`,
  `insert into timekeeping_lease (id, fencing, until, kept_at) values (1, 0, now(), now())`,
];
