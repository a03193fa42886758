import { Migration } from '@mikro-orm/migrations';

/** The chains are stamped with the rights of their owner, so that the role of a hub needs none to change an entry or a head. */
export class M0037StampsOfTheOwner extends Migration {
  override up(): void {
    // A fixed search path: no table that somebody else made can take the place of ours.
    for (const stamp of ['journal_entry_stamp', 'audit_entry_stamp'])
      this.addSql(`alter function ${stamp}() security definer set search_path = public, pg_temp`);
  }
}
