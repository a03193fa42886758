import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../../database/sql-in.ts';
import { recordDeed } from '../../office/audit.commands.ts';
import { erasedBefore } from '../personal/personal.commands.ts';
import { WAITING_MS } from './picture.rules.ts';
import { eraseBytes } from './picture-bytes.ts';

/** At most so many at a time: the next turn comes within a second. */
const MOST = 200;

const DUE = `
  select p.id from picture p left join report r on r.id = p.report_id
  where p.erased_at is null and (r.closed_at <= ? or (p.report_id is null and p.received_at <= ?))
  order by p.id limit ${MOST} for update of p skip locked`;

/**
 * Erases the pictures of every report that was closed 90 days ago or earlier (I-15), and those that have waited for a report for
 * a day; leaves an audit entry of each report, and of each that waited. Answers how many there were. The timekeeper calls it; it
 * holds its own transaction.
 */
export const erasePictures = (em: EntityManager, now: Date): Promise<number> =>
  em.transactional(async (transaction) => {
    const inside = transaction as EntityManager;
    const waitingSince = new Date(now.getTime() - WAITING_MS);
    const due = await sqlIn(inside)<{ id: string; report: string | null }>(
      `update picture p set erased_at = ?, taken_at = null, lon = null, lat = null, fingerprint = null
       where p.id in (${DUE}) returning p.id, p.report_id as report`,
      [now.toISOString(), erasedBefore(now).toISOString(), waitingSince.toISOString()],
    );
    if (due.length === 0) return 0;
    await eraseBytes(
      inside,
      due.map(({ id }) => id),
    );
    const done = { at: now, actor: null, action: 'erasePersonalData', stateBefore: null, stateAfter: null } as const;
    for (const subject of new Set(due.map(({ id, report }) => report ?? id)))
      await recordDeed(inside, { ...done, subject });
    return due.length;
  });
