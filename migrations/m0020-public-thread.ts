import { Migration } from '@mikro-orm/migrations';

/** Locks a public thread and reads by the same statement all that a command on it judges by. */
export class M0020PublicThread extends Migration {
  override async up(): Promise<void> {
    this.addSql(PUBLIC_THREAD);
  }
}

// VOLATILE: the second statement in it sees what was committed before it began, and so what the lock waited for.
const PUBLIC_THREAD = `
  create function public_thread(thing uuid, out closed boolean, out announced text, out document jsonb, out content jsonb)
  language plpgsql volatile as $$
  begin
    perform 1 from publication p where p.id = thing for update;
    select p.closed, p.announced, e.document, r.content into closed, announced, document, content
      from publication p join journal_entry e on e.id = p.latest_entry_id join revision r on r.id = p.live_revision_id
      where p.id = thing;
  end $$`;
