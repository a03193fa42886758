import { Migration } from '@mikro-orm/migrations';

/**
 * `sent` of a CAP message grows within its thread, and two threads may share a second: a burst of alerts is sent now, not
 * minutes ahead, and no message waits for one of another thread (I-06).
 */
export class M0023SentWithinAThread extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  `alter table "cap_message" drop constraint "cap_message_sent_unique"`,
  // The constraint brings the index that finds the messages of a thread.
  `drop index "cap_message_thread_index"`,
  `alter table "cap_message" add constraint "cap_message_thread_sent_unique" unique ("thread", "sent")`,

  // One transaction draws for a thread at a time; others draw for theirs. The function is VOLATILE: the select sees what the
  // lock waited for.
  `create or replace function draw_cap_message(of_thread uuid, not_before timestamptz, out earlier int, out sent timestamptz)
   language plpgsql volatile as $$
   begin
     perform pg_advisory_xact_lock(hashtextextended(of_thread::text, 2));
     select count(*), greatest(date_trunc('second', not_before), max(m.sent) + interval '1 second') into earlier, sent
       from cap_message m where m.thread = of_thread;
   end $$`,
];
