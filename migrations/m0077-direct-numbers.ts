import { Migration } from '@mikro-orm/migrations';

/** Numbers at which an organisation is reached directly: a call centre has others than the public. */
export class M0077DirectNumbers extends Migration {
  override async up(): Promise<void> {
    this.addSql(`alter table "organisation" add column "direct_numbers" jsonb null`);
  }
}
