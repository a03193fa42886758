import pg from 'pg';

/** A session that appends to the journal as hubs do: the entries in one transaction, then the doorbell. */
export async function openJournal({ url }) {
  const session = new pg.Client({ connectionString: url });
  await session.connect();
  const insert = (publication, times) =>
    session.query({
      name: 'confirm',
      text: `insert into journal_entry (id, position, subject, type, at, changed_fields, ring, document)
             select gen_random_uuid(), null, e.subject, 'VERIFIED', now(), '{verifiedAt}', false, e.document
             from (select * from journal_entry where subject = $1 order by position desc limit 1) e, generate_series(1, $2)`,
      values: [publication, times],
    });
  const ring = () => session.query('notify tocsin_journal');
  return {
    session,
    /** So many changes of one publication, as if it had been confirmed so often, all in one transaction. */
    async confirm(publication, times = 1) {
      await insert(publication, times);
      await ring();
    },
    /** The same, up to the commit; answers how to commit and ring. */
    async prepare(publication, times = 1) {
      await session.query('begin');
      await insert(publication, times);
      return async () => {
        await session.query('commit');
        await ring();
      };
    },
    /** How many sessions this database has, this one left out. */
    async sessions() {
      const { rows } = await session.query(
        `select count(*)::int as count from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
      );
      return rows[0].count;
    },
    end: () => session.end(),
  };
}
