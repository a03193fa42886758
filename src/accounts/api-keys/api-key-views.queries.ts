import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../../access/actor.ts';
import { ApiKey } from '../../access/keys/api-key.entity.ts';
import type { MachineRole } from '../../access/keys/api-key.rules.ts';
import { demand } from '../../access/permissions.rules.ts';
import { parisTime, parisTimeIf } from '../../clock.ts';
import { present } from '../../office/present.rules.ts';
import { demandFirst, type Page, type PageRequest } from '../../paging/page.rules.ts';
import { byName, sqlPage } from '../../paging/sql-list.queries.ts';
import type { AccountView } from '../account-views.queries.ts';

/** A key as an ADMIN sees it: nothing of it opens anything. */
export interface ApiKeyView {
  id: string;
  version: number;
  name: string;
  prefix: string;
  roles: readonly MachineRole[];
  pointsPerSecond: number | null;
  account: AccountView;
  createdBy: AccountView;
  createdAt: string;
  issuedAt: string;
  expiresAt: string;
  previousUntil: string | null;
  revokedAt: string | null;
  lastUsedAt: string | null;
}

const BY_NAME = byName('api_key');

/** A page of all keys, by name. INVALID_INPUT for a page size or a cursor that cannot be. */
export async function apiKeysPage(
  em: EntityManager,
  actor: Actor | null,
  request: PageRequest,
): Promise<Page<ApiKeyView>> {
  demand(actor, 'readApiKeys');
  demandFirst(request.first);
  return sqlPage(em, BY_NAME, [], request, (ids) => viewsOf(em, ids));
}

/** One key, which exists. The caller has checked the actor's permission. */
export async function apiKeyView(em: EntityManager, id: string): Promise<ApiKeyView> {
  const [view] = await viewsOf(em, [id]);
  return present(view, 'key', id);
}

async function viewsOf(em: EntityManager, ids: readonly string[]): Promise<ApiKeyView[]> {
  const options = { populate: ['account', 'createdBy'], refresh: true } as const;
  const rows = await em.find(ApiKey, { id: { $in: [...ids] } }, options);
  return rows.map(({ id, version, name, prefix, roles, account, createdBy, ...row }) => ({
    id,
    version,
    name,
    prefix,
    roles,
    account: { id: account.id, name: account.name },
    createdBy: { id: createdBy.id, name: createdBy.name },
    pointsPerSecond: row.pointsPerSecond ?? null,
    createdAt: parisTime(row.createdAt),
    issuedAt: parisTime(row.issuedAt),
    expiresAt: parisTime(row.expiresAt),
    previousUntil: parisTimeIf(row.previousUntil),
    revokedAt: parisTimeIf(row.revokedAt),
    lastUsedAt: parisTimeIf(row.lastUsedAt),
  }));
}
