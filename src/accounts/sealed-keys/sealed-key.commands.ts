import { LockMode } from '@mikro-orm/postgresql';
import { Account } from '../../access/account.entity.ts';
import { newApiKey } from '../../access/keys/api-key.rules.ts';
import { demand } from '../../access/permissions.rules.ts';
import { SealedKey, type SealedKeyRow } from '../../access/sealed/sealed-key.entity.ts';
import { SEALED_ROLES, SESSION_HOURS } from '../../access/sealed/sealed-key.rules.ts';
import { HubError, readInput } from '../../errors.ts';
import { demandVersion, lockRow } from '../../office/lock.queries.ts';
import type { UnitOfWork } from '../../office/unit-of-work.ts';
import { plainLine } from '../../publications/content/text/plain-text.ts';

const HOUR_MS = 3600_000;

export interface OpenedSession {
  /** The sealed key. */
  id: string;
  accountId: string;
  /** The token of the session, shown here and never again. */
  secret: string;
  expiresAt: Date;
}

/**
 * Opens a sealed key, for the person who sent it in place of a token: a session of some hours as duty officer. Of two who open
 * one at the same moment the first to lock it has it; PostgreSQL notifies every hub (I-28).
 */
export async function openSealedKey({ em, actor, clock }: UnitOfWork, given: { name: string }): Promise<OpenedSession> {
  if (!actor) throw new HubError('UNAUTHENTICATED', HOW);
  const lock = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const;
  const row: SealedKeyRow | null = await em.findOne(SealedKey, { account: actor.id }, lock);
  if (!row) throw new HubError('FORBIDDEN', HOW);
  if (row.withdrawnAt) throw new HubError('WRONG_STAGE', 'this sealed key was withdrawn');
  if (row.openedAt) throw new HubError('WRONG_STAGE', 'this sealed key was opened already: it is good once');
  const openedBy = readInput(plainLine(200), given.name, 'name');
  const now = clock.now();
  const { key, hash } = newApiKey();
  const expiresAt = new Date(now.getTime() + SESSION_HOURS * HOUR_MS);
  const opened = { openedAt: now, openedBy, sessionHash: hash, sessionUntil: expiresAt };
  Object.assign(row, { ...opened, version: row.version + 1 });
  const account = await lockRow(em, { entity: Account, name: 'account' }, row.account.id);
  Object.assign(account, {
    name: `${openedBy} (${row.name})`,
    roles: [...SEALED_ROLES],
    version: account.version + 1,
  });
  await em.flush();
  return { id: row.id, accountId: account.id, secret: key, expiresAt };
}

const HOW = 'openSealedKey needs a sealed key: send it as "Authorization: Bearer tocsin_sealed_…"';

/** Makes an envelope worthless, or ends the session that it opened, on every hub within a second. */
export async function withdrawSealedKey(
  { em, actor, clock }: UnitOfWork,
  { id, version }: { id: string; version: number },
): Promise<{ id: string }> {
  demand(actor, 'withdrawSealedKey');
  const row: SealedKeyRow = await lockRow(em, { entity: SealedKey, name: 'sealed key' }, id);
  demandVersion(row, 'sealed key', version);
  if (row.withdrawnAt) throw new HubError('WRONG_STAGE', 'this sealed key was withdrawn already');
  const now = clock.now();
  Object.assign(row, { withdrawnAt: now, version: row.version + 1 });
  const account = await lockRow(em, { entity: Account, name: 'account' }, row.account.id);
  Object.assign(account, { disabledAt: account.disabledAt ?? now, version: account.version + 1 });
  await em.flush();
  return { id: row.id };
}
