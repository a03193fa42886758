import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../../database/sql-in.ts';

/** For so many minutes institutions may leave an alert unread before people are called, by its severity. */
const UNREAD_MINUTES = { EXTREME: 10, SEVERE: 20 };

/** Opens a call for each grave alert that is not over, and of which an institution has not read for too long. */
export async function callAboutUnread(em: EntityManager, now: Date): Promise<void> {
  const at = now.toISOString();
  const before = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();
  await sqlIn(em)(
    `insert into call (id, reason, dossier_id, incident_id, mode, severity, state, started_at, rung, due_at)
     select gen_random_uuid(), 'INSTITUTIONS_UNREAD', p.id, p.incident_id, p.mode, p.severity, 'RINGING', ?, 0, ? from publication p
     where p.severity in ('EXTREME', 'SEVERE') and not p.closed and p.announced not in ('ENDED', 'CANCELLED')
       and (p.mode = 'ACTUAL' or p.incident_id is not null)
       and p.id in (select n.publication from institution_notice n where n.acknowledged_at is null and n.asked_at <= ?)
       and exists (select from institution_notice n where n.publication = p.id and n.acknowledged_at is null
         and n.asked_at <= case p.severity when 'EXTREME' then ?::timestamptz else ? end)
       and not exists (select from call c where c.dossier_id = p.id and c.reason = 'INSTITUTIONS_UNREAD' and c.ended_at is null)
     on conflict do nothing`,
    [at, at, before(UNREAD_MINUTES.EXTREME), before(UNREAD_MINUTES.EXTREME), before(UNREAD_MINUTES.SEVERE)],
  );
}
