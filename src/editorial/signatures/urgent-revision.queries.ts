import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../../database/sql-in.ts';
import type { AskedSignature } from './needs.rules.ts';

/** A revision that was published urgently, and waits for its second signature. */
export interface UrgentRevision {
  id: string;
  contentHash: string;
  /** The account that published it. */
  urgentBy: string;
  /** The accounts that wrote or changed it. */
  editors: readonly string[];
  /** The accounts whose approval counts for it. */
  approvedBy: readonly string[];
  /** The needs of the rules of signature in force that speak of it, and how many people met each. */
  asked: readonly AskedSignature[];
}

/** The revision for which a dossier waits for a second signature; null for none. The caller has locked the dossier. */
export async function urgentRevision(em: EntityManager, dossier: string): Promise<UrgentRevision | null> {
  const [row] = await sqlIn(em)<UrgentRevision>(
    `select r.id, r.content_hash as "contentHash", r.urgent_by_id as "urgentBy", signatures_asked(r.id) as asked,
       (select coalesce(json_agg(e.account_id), '[]') from revision_editor e where e.revision_id = r.id) as editors,
       (select coalesce(json_agg(a.by_id), '[]') from approval a
        where a.revision_id = r.id and a.voided_at is null and a.content_hash = r.content_hash) as "approvedBy"
     from revision r where r.id = awaited_cosignature(?)`,
    [dossier],
  );
  return row ?? null;
}
