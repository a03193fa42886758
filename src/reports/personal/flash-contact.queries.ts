import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../../access/actor.ts';
import { permits } from '../../access/permissions.rules.ts';
import { sqlIn } from '../../database/sql-in.ts';
import { isUuid } from '../../uuid.ts';

/** How long the contact reads what identifies people in a report that was flashed. */
const READABLE = '24 hours';

// That somebody is on duty makes them nobody's reader: an administrator has put the account into the Sdis, and the flash was sent to it.
const CONTACT = `
  select 1 from flash f join call c on c.reason = 'FLASH' and c.report_id = f.report_id
  join call_step s on s.call_id = c.id and s.account_id = ?::uuid
  join account a on a.id = s.account_id join organisation o on o.id = a.organisation_id and o.kind = 'SDIS'
  where f.report_id = ?::uuid and f.mode = 'ACTUAL' and f.withdrawn_at is null
    and f.sent_at > ?::timestamptz - interval '${READABLE}'
    and exists (select from duty_shift d where d.account_id = a.id and d.duty_function = 'SDIS_CONTACT' and d.starts_at <= s.at
      and (coalesce(d.ended_at, d.ends_at) > s.at or (d.handed_to_id is not null and d.ended_at is null)))
  limit 1`;

/** Whether an actor was rung as contact of the Sdis for a flash about a report in the last 24 hours. Nobody is asked for who may read it anyway. */
export async function isFlashContact(
  em: EntityManager,
  { actor, report }: { actor: Actor | null; report: string },
  now: Date,
): Promise<boolean> {
  if (!actor || permits(actor, 'readPersonalData') || !isUuid(report)) return false;
  return (await sqlIn(em)(CONTACT, [actor.id, report, now.toISOString()])).length > 0;
}
