import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../../access/actor.ts';
import { type Action, permitsWhereAsked } from '../../access/permissions.rules.ts';
import { sqlIn } from '../../database/sql-in.ts';
import type { RowCondition } from '../../paging/sql-list.queries.ts';

/** Among the rows of `dossier`, those of which an actor may know by an action that was permitted: all, but for a SIGNATORY. */
export const askedOf = (actor: Actor, action: Action): RowCondition[] =>
  permitsWhereAsked(actor, action) ? [{ sql: 'id in (select id from dossiers_asking(?))', values: [actor.id] }] : [];

/** Whether an actor may know of one dossier by such an action: a SIGNATORY where the rules ask for their organisation. */
export async function mayKnowOf(em: EntityManager, actor: Actor, action: Action, dossier: string): Promise<boolean> {
  if (!permitsWhereAsked(actor, action)) return true;
  const [row] = await sqlIn(em)<{ asks: boolean }>(
    'select exists (select 1 from dossiers_asking(?) where id = ?) as asks',
    [actor.id, dossier],
  );
  return row?.asks ?? false;
}
