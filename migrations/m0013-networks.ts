import { Migration } from '@mikro-orm/migrations';

/**
 * The list of networks stands in code, where it changes as networks come and go; the table holds on to the shape of their
 * names, so that a new network needs no migration.
 */
export class M0013Networks extends Migration {
  override async up(): Promise<void> {
    this.addSql(`alter table "social_post" drop constraint "social_post_network_check"`);
    this.addSql(
      `alter table "social_post" add constraint "social_post_network_check" check (network ~ '^[A-Z][A-Z0-9_]*$')`,
    );
  }
}
