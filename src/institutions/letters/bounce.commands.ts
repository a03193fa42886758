import type { Sql } from '../../database/sql.ts';
import type { FailedLetter } from '../../mail/delivery-report.ts';

/**
 * Records that a letter which the relay took did not arrive. One that leads nowhere marks its mailbox for the desk. Answers whether there
 * is such a letter; a report that comes twice changes nothing.
 */
export async function recordBounce(sql: Sql, { letter, code, isGone }: FailedLetter): Promise<boolean> {
  const fault = `${isGone ? 'l’adresse n’existe pas' : 'la lettre n’est pas arrivée'} (${code ?? 'sans code'})`;
  const rows = await sql<{ id: string }>(
    `with refused as (
       update letter set state = 'REFUSED', status = null, fault = $2, ended_at = clock_timestamp()
       where id = $1 and state = 'SENT' returning id, mailbox_id),
     marked as (
       update mailbox m set bouncing_since = coalesce(m.bouncing_since, clock_timestamp()), fault = $2
       from refused r where m.id = r.mailbox_id and $3 and m.state <> 'LEFT')
     select id from refused`,
    [letter, fault, isGone],
  );
  return rows.length > 0;
}
