import { Migration } from '@mikro-orm/migrations';

/** Contact points by text and voice, whose messages a person answers once; and the ways by which a test call rings. */
export class M0074TextsAndVoice extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  ...['contact_point', 'contact_message'].flatMap((table) => [
    `alter table "${table}" drop constraint "${table}_way_check"`,
    `alter table "${table}" add constraint "${table}_way_check" check ("way" in ('EMAIL', 'SMS', 'VOICE'))`,
  ]),
  `alter table "contact_message" add column "answered_at" timestamptz(3) null`,
  `alter table "call" add column "ways" text[] null`,
];
