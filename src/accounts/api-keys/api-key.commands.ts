import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import { Account } from '../../access/account.entity.ts';
import { ApiKey, type ApiKeyRow } from '../../access/keys/api-key.entity.ts';
import { KEY_ISSUER, MACHINE_ROLES, newApiKey } from '../../access/keys/api-key.rules.ts';
import { type Action, demand } from '../../access/permissions.rules.ts';
import { instant } from '../../clock.ts';
import { HubError, invalidInput, readInput } from '../../errors.ts';
import { demandVersion, lockRow } from '../../office/lock.queries.ts';
import { accountOf, type UnitOfWork } from '../../office/unit-of-work.ts';
import { optional } from '../../publications/content/content.ts';
import { moment } from '../../publications/content/moment.ts';
import { plainLine } from '../../publications/content/text/plain-text.ts';

const DAY_MS = 24 * 3600_000;
const HOUR_MS = 3600_000;
const MOST_DAYS = 366;
const MOST_OVERLAP_HOURS = 168;
/** A query costs some thousands of points: with less a machine could ask nothing. */
const LEAST_POINTS = 1_000;
const MOST_POINTS = 60_000_000;

const MACHINES = `a machine may be ${MACHINE_ROLES.join(', ')}: what takes two pairs of eyes takes people`;
const POINTS = `must be ${LEAST_POINTS} to ${MOST_POINTS}, or null`;

const apiKeyInput = z.object({
  name: plainLine(200),
  roles: z
    .array(z.enum(MACHINE_ROLES, MACHINES))
    .min(1, 'must name a role at least')
    .transform((roles) => MACHINE_ROLES.filter((role) => roles.includes(role))),
  expiresAt: moment,
  pointsPerSecond: optional(z.int().min(LEAST_POINTS, POINTS).max(MOST_POINTS, POINTS)),
});

export interface IssuedKey {
  id: string;
  /** The key itself, shown here and never again. */
  secret: string;
}

/** Makes a key for a machine, with an account of its own. INVALID_INPUT names every faulty field. */
export async function createApiKey(work: UnitOfWork, { input }: { input: unknown }): Promise<IssuedKey> {
  const { em, actor, clock } = work;
  demand(actor, 'createApiKey');
  const { name, roles, expiresAt, pointsPerSecond } = readInput(apiKeyInput, input, 'input');
  const now = clock.now();
  const { key, ...kept } = newApiKey();
  const id = uuid();
  const account = em.create(Account, {
    id: uuid(),
    version: 1,
    issuer: KEY_ISSUER,
    subject: id,
    name,
    createdAt: now,
    roles,
  });
  em.create(ApiKey, {
    id,
    version: 1,
    account,
    name,
    roles,
    ...kept,
    pointsPerSecond,
    createdBy: accountOf(work, actor),
    createdAt: now,
    issuedAt: now,
    expiresAt: endOf(expiresAt, now, 'input.expiresAt'),
  });
  await em.flush();
  return { id, secret: key };
}

interface OneKey {
  id: string;
  version: number;
}

/** Makes a new key for the same machine; the earlier one is good beside it until the overlap ends. */
export async function rotateApiKey(
  work: UnitOfWork,
  { expiresAt, overlapHours, ...which }: OneKey & { expiresAt: string; overlapHours: number },
): Promise<IssuedKey> {
  const row = await lockKey(work, 'rotateApiKey', which);
  if (!Number.isInteger(overlapHours) || overlapHours < 0 || overlapHours > MOST_OVERLAP_HOURS)
    throw invalidInput([{ path: 'overlapHours', message: `must be 0 to ${MOST_OVERLAP_HOURS}` }]);
  const now = work.clock.now();
  const end = endOf(readInput(moment, expiresAt, 'expiresAt'), now, 'expiresAt');
  const { key, ...kept } = newApiKey();
  const overlap = new Date(now.getTime() + overlapHours * HOUR_MS);
  Object.assign(row, {
    ...kept,
    previousHash: overlapHours > 0 ? row.hash : null,
    previousUntil: overlapHours > 0 ? new Date(Math.min(overlap.getTime(), row.expiresAt.getTime())) : null,
    issuedAt: now,
    expiresAt: end,
    version: row.version + 1,
  });
  await work.em.flush();
  return { id: row.id, secret: key };
}

/** Ends a key for good. From the commit on PostgreSQL refuses what its machine does, and every hub ends its sessions. */
export async function revokeApiKey(work: UnitOfWork, which: OneKey): Promise<{ id: string }> {
  const row = await lockKey(work, 'revokeApiKey', which);
  const now = work.clock.now();
  Object.assign(row, { revokedAt: now, version: row.version + 1 });
  const account = await lockRow(work.em, { entity: Account, name: 'account' }, row.account.id);
  Object.assign(account, { disabledAt: account.disabledAt ?? now, version: account.version + 1 });
  await work.em.flush();
  return { id: row.id };
}

/** Locks a key that is not revoked. */
async function lockKey({ em, actor }: UnitOfWork, action: Action, { id, version }: OneKey): Promise<ApiKeyRow> {
  demand(actor, action);
  const row: ApiKeyRow = await lockRow(em, { entity: ApiKey, name: 'key' }, id);
  demandVersion(row, 'key', version);
  if (row.revokedAt) throw new HubError('WRONG_STAGE', 'this key was revoked: make a new one');
  return row;
}

function endOf(expiresAt: string, now: Date, path: string): Date {
  const end = instant(expiresAt);
  if (end <= now.getTime() || end > now.getTime() + MOST_DAYS * DAY_MS)
    throw invalidInput([{ path, message: `must lie in the future, at most ${MOST_DAYS} days from now` }]);
  return new Date(end);
}
