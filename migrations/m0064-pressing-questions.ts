import { Migration } from '@mikro-orm/migrations';

/** Since when a group is asked often, and nothing public answers it: its incident's log tells of it once. */
export class M0064PressingQuestions extends Migration {
  override async up(): Promise<void> {
    this.addSql(`alter table "question_group" add column "pressing_at" timestamptz(3) null`);
    this.addSql(
      `alter table "question_group" add constraint "question_group_pressing_check" check (pressing_at is null or state = 'OPEN')`,
    );
  }
}
