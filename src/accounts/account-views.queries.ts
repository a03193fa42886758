import type { EntityManager } from '@mikro-orm/postgresql';
import { Account } from '../access/account.entity.ts';
import type { Actor } from '../access/actor.ts';
import { demand } from '../access/permissions.rules.ts';
import { parisTime } from '../clock.ts';
import { present } from '../office/present.rules.ts';
import { demandFirst, type Page, type PageRequest } from '../paging/page.rules.ts';
import { byName, sqlPage } from '../paging/sql-list.queries.ts';

/** The part of an account that administrators alone see. */
export interface Administration {
  version: number;
  issuer: string;
  subject: string;
  createdAt: string;
  disabledAt: string | null;
}

export interface AccountView {
  id: string;
  name: string;
}

const BY_NAME = byName('account');

/** A page of all accounts, by name. INVALID_INPUT for a page size or a cursor that cannot be. */
export async function accountsPage(
  em: EntityManager,
  actor: Actor | null,
  request: PageRequest,
): Promise<Page<AccountView>> {
  demand(actor, 'readAccounts');
  demandFirst(request.first);
  return sqlPage(em, BY_NAME, [], request, (ids) => em.find(Account, { id: { $in: ids } }, { fields: ['id', 'name'] }));
}

/** One account, which exists. The caller has checked the actor's permission. */
export async function accountView(em: EntityManager, id: string): Promise<AccountView> {
  return present(await em.findOne(Account, { id }, { fields: ['id', 'name'], refresh: true }), 'account', id);
}

/** The parts of accounts that administrators alone see, by ids. The caller has checked the actor's permission. */
export async function administrations(
  em: EntityManager,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Administration>> {
  const rows = await em.find(Account, { id: { $in: [...ids] } }, { refresh: true });
  return new Map(
    rows.map(({ id, version, issuer, subject, createdAt, disabledAt }) => [
      id,
      {
        version,
        issuer,
        subject,
        createdAt: parisTime(createdAt),
        disabledAt: disabledAt ? parisTime(disabledAt) : null,
      },
    ]),
  );
}
