import { Migration } from '@mikro-orm/migrations';

/** Quiet hours of contact points, and messages that are held back: by these hours, or by those before, in a storm. */
export class M0073HeldMessages extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  `alter table "contact_point" add column "quiet_from" text null, add column "quiet_to" text null`,
  `alter table "contact_point" add constraint "contact_point_quiet_check" check (num_nonnulls(quiet_from, quiet_to) in (0, 2))`,
  `alter table "contact_message" add column "held" boolean not null default false, add column "sent_at" timestamptz(3) null`,
];
