import { Migration } from '@mikro-orm/migrations';

/** Finds whose turn it is among the messages of a webhook, however many wait and however long its log is. */
export class M0010WebhookTurns extends Migration {
  override async up(): Promise<void> {
    this.addSql(`create index "webhook_delivery_turn_index" on "webhook_delivery" ("webhook_id", "state", "position")`);
  }
}
