import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../../access/actor.ts';
import { demand } from '../../access/permissions.rules.ts';
import { SealedKey } from '../../access/sealed/sealed-key.entity.ts';
import { parisTime, parisTimeIf } from '../../clock.ts';
import { present } from '../../office/present.rules.ts';
import { demandFirst, type Page, type PageRequest } from '../../paging/page.rules.ts';
import { newestFirst, sqlPage } from '../../paging/sql-list.queries.ts';
import type { AccountView } from '../account-views.queries.ts';

/** A sealed key as an ADMIN sees it: nothing of it opens anything. */
export interface SealedKeyView {
  id: string;
  version: number;
  name: string;
  account: AccountView;
  sealedAt: string;
  openedAt: string | null;
  openedBy: string | null;
  sessionUntil: string | null;
  withdrawnAt: string | null;
}

const NEWEST = newestFirst('sealed_key', 'sealed_at');

/** A page of all sealed keys, the newest first. INVALID_INPUT for a page size or a cursor that cannot be. */
export async function sealedKeysPage(
  em: EntityManager,
  actor: Actor | null,
  request: PageRequest,
): Promise<Page<SealedKeyView>> {
  demand(actor, 'readSealedKeys');
  demandFirst(request.first);
  return sqlPage(em, NEWEST, [], request, (ids) => sealedViews(em, ids));
}

/** One sealed key, which exists. The caller has checked the actor's permission. */
export async function sealedKeyView(em: EntityManager, id: string): Promise<SealedKeyView> {
  const [view] = await sealedViews(em, [id]);
  return present(view, 'sealed key', id);
}

async function sealedViews(em: EntityManager, ids: readonly string[]): Promise<SealedKeyView[]> {
  const rows = await em.find(SealedKey, { id: { $in: [...ids] } }, { populate: ['account'], refresh: true });
  return rows.map(({ id, version, name, account, ...row }) => ({
    id,
    version,
    name,
    account: { id: account.id, name: account.name },
    sealedAt: parisTime(row.sealedAt),
    openedAt: parisTimeIf(row.openedAt),
    openedBy: row.openedBy ?? null,
    sessionUntil: parisTimeIf(row.sessionUntil),
    withdrawnAt: parisTimeIf(row.withdrawnAt),
  }));
}
