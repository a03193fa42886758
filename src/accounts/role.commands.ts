import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import type { AccountRow } from '../access/account.entity.ts';
import type { Actor, Role } from '../access/actor.ts';
import { DEPARTEMENT_ID } from '../access/organisations/organisation.rules.ts';
import { OWN_ISSUERS } from '../access/own-issuers.rules.ts';
import { HubError, invalidInput } from '../errors.ts';
import { accountOf, type UnitOfWork } from '../office/unit-of-work.ts';
import { changeAccount, lockAccount, type OneAccount } from './account.commands.ts';
import { openOrganisation } from './organisations/organisation.commands.ts';
import { inOrder, isGuarded, roleChangeOf } from './role.rules.ts';
import { RoleRequest, type RoleRequestRow } from './role-request.entity.ts';

/**
 * Gives an account these roles, and no others. Those that are taken away go at once, and those that one ADMIN may give come at once;
 * VALIDATOR, SIGNATORY, DUTY_OFFICER and ADMIN wait for a second one, in place of what waited before. Nobody changes their own.
 */
export async function changeAccountRoles(
  work: UnitOfWork,
  { roles: wanted, ...which }: OneAccount & { roles: readonly Role[] },
): Promise<{ id: string }> {
  const { account, actor } = await lockAccount(work, 'changeAccountRoles', which);
  demandOther(account, actor);
  const { roles, asked } = roleChangeOf(account.roles ?? [], wanted);
  await ask(work, account, actor, asked);
  // Nobody has decided what it may do, as long as all that it is to have waits.
  const isUndecided = !account.roles && roles.length === 0 && asked.length > 0;
  return changeAccount(work, account, { roles: isUndecided ? null : roles });
}

/** Gives the roles that another ADMIN asked for (I-29). */
export async function approveAccountRoles(work: UnitOfWork, which: OneAccount): Promise<{ id: string }> {
  const { account, actor } = await lockAccount(work, 'approveAccountRoles', which);
  demandOther(account, actor);
  if (account.disabledAt) throw new HubError('WRONG_STAGE', 'this account is disabled: enable it first');
  const request = await openRequest(work.em, account);
  if (!request) throw new HubError('WRONG_STAGE', 'nobody asked for roles that wait for an approval');
  if (request.askedBy.id === actor.id)
    throw new HubError('FORBIDDEN', 'you asked for these roles: another ADMIN approves them');
  Object.assign(request, { approvedBy: accountOf(work, actor), approvedAt: work.clock.now() });
  // Before the account: PostgreSQL gives guarded roles for a request that was approved.
  await work.em.flush();
  return changeAccount(work, account, { roles: inOrder([...(account.roles ?? []), ...request.roles]) });
}

/**
 * Lets an account in again that was disabled, with the roles that one ADMIN may give. The others are asked for anew, beside
 * what waited already: a second ADMIN gives them back (I-29).
 */
export async function enableAccount(work: UnitOfWork, which: OneAccount): Promise<{ id: string }> {
  const { account, actor } = await lockAccount(work, 'enableAccount', which);
  if (!account.disabledAt) throw new HubError('WRONG_STAGE', 'this account is not disabled');
  await demandOpenOrganisation(work, account);
  return changeAccount(work, account, { disabledAt: null, roles: await rolesOnReturn(work, account, actor) });
}

/** WRONG_STAGE where the organisation was closed while the account was away: it is moved first. */
async function demandOpenOrganisation({ em }: UnitOfWork, { organisation }: AccountRow): Promise<void> {
  // That of the Département never closes.
  if (organisation.id !== DEPARTEMENT_ID) await openOrganisation(em, organisation.id);
}

async function rolesOnReturn(work: UnitOfWork, account: AccountRow, actor: Actor): Promise<Role[] | null> {
  if (!account.roles) return null;
  const guarded = account.roles.filter(isGuarded);
  if (guarded.length > 0) {
    const waiting = (await openRequest(work.em, account))?.roles ?? [];
    await ask(work, account, actor, inOrder([...guarded, ...waiting]));
  }
  return account.roles.filter((role) => !isGuarded(role));
}

function demandOther({ id, issuer }: AccountRow, actor: Actor): void {
  if (id === actor.id)
    throw invalidInput([{ path: 'id', message: 'is your own account: another ADMIN can change its roles' }]);
  if (OWN_ISSUERS.includes(issuer))
    throw invalidInput([{ path: 'id', message: 'is a machine of the hub, whose roles stay as they are' }]);
}

/** Asks for roles, in place of what waited before. */
async function ask(work: UnitOfWork, account: AccountRow, actor: Actor, roles: readonly Role[]): Promise<void> {
  const { em, clock } = work;
  const earlier = await openRequest(em, account);
  if (earlier) {
    earlier.withdrawnAt = clock.now();
    await em.flush();
  }
  if (roles.length === 0) return;
  const askedBy = accountOf(work, actor);
  em.create(RoleRequest, { id: uuid(), account, roles: [...roles], askedBy, askedAt: clock.now() });
  await em.flush();
}

/** The request that waits for a second ADMIN. The caller has locked the account. */
const openRequest = (em: EntityManager, account: Pick<AccountRow, 'id'>): Promise<RoleRequestRow | null> =>
  em.findOne(RoleRequest, { account: account.id, withdrawnAt: null, givenAt: null }, { refresh: true });
