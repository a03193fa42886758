import { Migration } from '@mikro-orm/migrations';
import { alsoAudited } from './audit-state.ts';

/** People and administrators end sessions of the desk: each end is on record, with its audit entry (I-14). */
export class M0052EndDeskSession extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  // As it stands, and a session; its secrets are none of the log's, not even as part of a hash.
  alsoAudited(
    `(select to_jsonb(x) - 'secret_hash' - 'refresh_token' - 'id_token' from desk_session x where x.id = thing)`,
  ),
];
