import type { EntityManager } from '@mikro-orm/postgresql';
import { Account } from '../access/account.entity.ts';
import type { AccountOwner } from '../access/account.queries.ts';
import type { Actor, Role } from '../access/actor.ts';
import { demand } from '../access/permissions.rules.ts';
import { parisTime, parisTimeIf } from '../clock.ts';
import { present } from '../office/present.rules.ts';
import { demandFirst, type Page, type PageRequest } from '../paging/page.rules.ts';
import { byName, sqlPage } from '../paging/sql-list.queries.ts';
import { type OrganisationView, readOrganisation } from './organisations/organisation.queries.ts';
import { RoleRequest } from './role-request.entity.ts';

/** The part of an account that administrators alone see. */
export interface Administration {
  version: number;
  issuer: string;
  subject: string;
  createdAt: string;
  disabledAt: string | null;
  roles: Role[] | null;
  roleRequest: RoleRequestView | null;
  organisation: OrganisationView;
}

/** Roles that wait for a second ADMIN. */
export interface RoleRequestView {
  roles: Role[];
  askedBy: AccountView;
  askedAt: string;
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

/** The id of a person's account; undefined where there is none. */
export async function accountIdOf(em: EntityManager, { issuer, subject }: AccountOwner): Promise<string | undefined> {
  return (await em.findOne(Account, { issuer, subject }, { fields: ['id'] }))?.id;
}

/** The parts of accounts that administrators alone see, by ids. The caller has checked the actor's permission. */
export async function administrations(
  em: EntityManager,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Administration>> {
  const rows = await em.find(
    Account,
    { id: { $in: [...ids] } },
    { populate: ['organisation'], strategy: 'joined', refresh: true },
  );
  const requests = await openRequests(em, ids);
  return new Map(
    rows.map(({ id, version, issuer, subject, createdAt, disabledAt, roles, organisation }) => [
      id,
      {
        version,
        issuer,
        subject,
        createdAt: parisTime(createdAt),
        disabledAt: parisTimeIf(disabledAt),
        roles: roles ?? null,
        roleRequest: requests.get(id) ?? null,
        organisation: readOrganisation(organisation),
      },
    ]),
  );
}

async function openRequests(em: EntityManager, ids: readonly string[]): Promise<ReadonlyMap<string, RoleRequestView>> {
  const open = { account: { $in: [...ids] }, withdrawnAt: null, givenAt: null };
  const rows = await em.find(RoleRequest, open, { populate: ['askedBy'], refresh: true });
  return new Map(
    rows.map(({ account, roles, askedBy, askedAt }) => [account.id, { roles, askedBy, askedAt: parisTime(askedAt) }]),
  );
}
