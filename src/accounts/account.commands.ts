import { Account, type AccountRow } from '../access/account.entity.ts';
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
 * watches and owns stays. An ADMIN cannot disable their own account, so that one ADMIN always remains.
 */
export async function disableAccount(work: UnitOfWork, which: OneAccount): Promise<{ id: string }> {
  const account = await lockAccount(work, 'disableAccount', which);
  if (account.id === work.actor?.id)
    throw invalidInput([{ path: 'id', message: 'is your own account: another ADMIN can disable it' }]);
  if (account.disabledAt) throw new HubError('WRONG_STAGE', 'this account is disabled already');
  return change(work, account, work.clock.now());
}

/** Lets an account in again that was disabled. */
export async function enableAccount(work: UnitOfWork, which: OneAccount): Promise<{ id: string }> {
  const account = await lockAccount(work, 'enableAccount', which);
  if (!account.disabledAt) throw new HubError('WRONG_STAGE', 'this account is not disabled');
  return change(work, account, null);
}

async function lockAccount(
  { em, actor }: UnitOfWork,
  action: Action,
  { id, version }: OneAccount,
): Promise<AccountRow> {
  demand(actor, action);
  const account: AccountRow = await lockRow(em, { entity: Account, name: 'account' }, id);
  demandVersion(account, 'account', version);
  return account;
}

async function change({ em }: UnitOfWork, account: AccountRow, disabledAt: Date | null): Promise<{ id: string }> {
  Object.assign(account, { disabledAt, version: account.version + 1 });
  await em.flush();
  return { id: account.id };
}
