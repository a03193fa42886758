import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../../database/sql-in.ts';
import { invalidInput } from '../../errors.ts';
import type { WatchedCap } from '../../watchers/reading/cap-message.ts';
import { threadBefore } from '../../watchers/thread.queries.ts';

/** A dossier that relays a message to which another refers. */
export interface Relaying {
  id: string;
  version: number;
  isPublic: boolean;
  /** The authority, as the dossier names it. */
  authority: string;
}

/** The dossier that relays what a message refers to, the newest. INVALID_INPUT where there is none. */
export async function demandRelaying(em: EntityManager, cap: WatchedCap): Promise<Relaying> {
  const earlier = await threadBefore(em, cap, { mustTrust: true });
  const [relaying] =
    earlier.length === 0
      ? []
      : await sqlIn(em)<Relaying>(
          `select d.id, d.version, exists (select 1 from publication p where p.id = d.id) as "isPublic",
             r.content->'source'->>'name' as authority
           from feed_origin o join dossier_report l on l.report_id = o.report_id join dossier d on d.id = l.dossier_id
             join revision r on r.dossier_id = d.id
           where o.key in (?) and d.stage <> 'ABANDONED' and (r.content->'source'->>'relayed')::boolean
             and r.content->'source'->>'reference' = o.reference
           order by d.created_at desc, r.number desc limit 1`,
          [earlier.map(({ key }) => key)],
        );
  if (relaying) return relaying;
  const message = `must be of a message that refers to one that a dossier relays: none does for this ${cap.msgType}`;
  throw invalidInput([{ path: 'reportId', message }]);
}
