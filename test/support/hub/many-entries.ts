import { withSession } from '../database/cluster.ts';

/** Appends so many entries to the journal at once, as if a publication had been confirmed so often. */
export const confirmOften = (url: string, publication: string, times: number): Promise<unknown> =>
  withSession(url, (session) =>
    session.query(
      `insert into journal_entry (id, position, subject, type, at, changed_fields, ring, document)
       select gen_random_uuid(), null, e.subject, 'VERIFIED', now(), '{verifiedAt}', false, e.document
       from (select * from journal_entry where subject = $1 order by position desc limit 1) e, generate_series(1, $2)`,
      [publication, times],
    ),
  );
