import { Account, type AccountRow } from '../access/account.entity.ts';
import type { Actor } from '../access/actor.ts';
import { type Action, demand } from '../access/permissions.rules.ts';
import { HubError, invalidInput } from '../errors.ts';
import { demandVersion, lockRow } from '../office/lock.queries.ts';
import type { UnitOfWork } from '../office/unit-of-work.ts';

export interface OneAccount {
  id: string;
  version: number;
}

/**
 * Shuts an account out: from the commit on PostgreSQL refuses its deeds, and every hub ends its sessions. All that it wrote,
 * watches and owns stays, and its webhooks rest. An ADMIN cannot disable their own account, and PostgreSQL keeps the last ADMIN of all (I-30).
 */
export async function disableAccount(work: UnitOfWork, which: OneAccount): Promise<{ id: string }> {
  const { account, actor } = await lockAccount(work, 'disableAccount', which);
  if (account.id === actor.id)
    throw invalidInput([{ path: 'id', message: 'is your own account: another ADMIN can disable it' }]);
  if (account.disabledAt) throw new HubError('WRONG_STAGE', 'this account is disabled already');
  return changeAccount(work, account, { disabledAt: work.clock.now() });
}

/** Locks an account for this transaction. CONFLICT where the client saw another version. */
export async function lockAccount(
  { em, actor }: UnitOfWork,
  action: Action,
  { id, version }: OneAccount,
): Promise<{ account: AccountRow; actor: Actor }> {
  demand(actor, action);
  const account: AccountRow = await lockRow(em, { entity: Account, name: 'account' }, id);
  demandVersion(account, 'account', version);
  return { account, actor };
}

/** Writes a change of a locked account. */
export async function changeAccount(
  { em }: UnitOfWork,
  account: AccountRow,
  change: Partial<Pick<AccountRow, 'disabledAt' | 'roles' | 'organisation'>>,
): Promise<{ id: string }> {
  Object.assign(account, { ...change, version: account.version + 1 });
  await em.flush();
  return { id: account.id };
}
