import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import type { Actor, Role } from '../access/actor.ts';
import type { Action } from '../access/permissions.rules.ts';
import { sqlIn } from '../database/sql-in.ts';
import { isUuid } from '../uuid.ts';

/** The actions that the hub takes by itself, or for the holder of a link. */
type MachineAction =
  | 'STARTED'
  | 'ENDED'
  | 'SCHEDULED'
  | 'ringCall'
  | 'answerCall'
  | 'erasePersonalData'
  | 'eraseLogLine'
  | 'sealEarlier'
  | 'confirmMailbox'
  | 'leaveMailbox'
  | 'acknowledgeNotice';

/** An action and its subject, to be recorded; the subject of something new is known only afterwards. */
export interface Deed {
  action: Action | MachineAction;
  /** The id of a dossier, report or incident. */
  subject?: string;
}

/** A deed that was recorded, and left its subject otherwise than it found it. */
export interface DoneDeed {
  /** The id of its audit entry. */
  entry: string;
  at: Date;
  /** The account; null for what the clock did. */
  actor: string | null;
  action: Deed['action'];
  subject: string;
}

export interface Witness {
  em: EntityManager;
  actor: Actor | null;
  at: Date;
  /** Whether PostgreSQL refuses the deed where the account has not the actor's roles (any more). */
  holdsRoles: boolean;
  /** Writes what else is to be said of a deed into its transaction. */
  onDone?: (em: EntityManager, done: DoneDeed) => Promise<void>;
}

/** Where every hub hears by NOTIFY that something was done and recorded; the message says nothing. */
export const AUDIT_CHANNEL = 'tocsin_audit';

/**
 * Does something inside the caller's transaction and leaves one audit entry of it (I-14): who, what, when, and a hash of
 * the subject before and after. Commands on the same subject wait for each other, so that what one entry says of the
 * end is what the next says of the beginning. What the clock did and what changed nothing leaves none.
 */
export async function audited<T>(
  { em, actor, at, holdsRoles, onDone }: Witness,
  deed: Deed,
  work: () => Promise<T>,
): Promise<T> {
  const known = deed.subject !== undefined && isUuid(deed.subject) ? deed.subject : null;
  const stateBefore = known ? await lockedState(em, known) : null;
  const result = await work();
  await em.flush();
  const subject = known ?? idOf(result);
  const done = { entry: uuid(), at, actor: actor?.id ?? null, action: deed.action, subject };
  const isChanged = await recordChange(em, { ...done, stateBefore }, holdsRoles && actor ? actor.roles : null);
  if (isChanged && subject !== null) await onDone?.(em, { ...done, subject });
  return result;
}

const idOf = (result: unknown): string | null =>
  typeof result === 'object' && result !== null && 'id' in result && typeof result.id === 'string' ? result.id : null;

/** Locks a subject for this transaction; one hash of all that it is then, null for an id of nothing. */
async function lockedState(em: EntityManager, subject: string): Promise<string | null> {
  const [row] = await sqlIn(em)<{ state: string | null }>('select audit_opening(?) as state', [subject]);
  return row?.state ?? null;
}

export interface Recorded {
  at: Date;
  /** The account; null for what the clock did. */
  actor: string | null;
  action: Deed['action'];
  subject: string | null;
  stateBefore: string | null;
  stateAfter: string | null;
}

/**
 * Writes one audit entry into the caller's transaction; PostgreSQL chains it when that commits. Called last, after the
 * command's own writes: so all transactions take the locks of the journal and of the log in one order. PostgreSQL
 * notifies the hubs when it commits, and wakes nobody where it is rolled back.
 */
export async function recordDeed(em: EntityManager, deed: Recorded): Promise<void> {
  const { at, actor, action, subject, stateBefore, stateAfter } = deed;
  await sqlIn(em)(
    `with entry as (
       insert into audit_entry (id, at, actor, action, subject, state_before, state_after) values (?, ?, ?, ?, ?, ?, ?))
     select pg_notify('${AUDIT_CHANNEL}', '')`,
    [uuid(), at.toISOString(), actor, action, subject, stateBefore, stateAfter],
  );
}

/**
 * The same with the state that the subject has now; of the clock, only where that is another than before. Answers whether it is.
 * PostgreSQL refuses it where `roles` are given of which the account lacks one: the hub has not heard yet that it was
 * taken away (I-25).
 */
async function recordChange(
  em: EntityManager,
  deed: Omit<Recorded, 'stateAfter'> & { entry: string },
  roles: readonly Role[] | null,
): Promise<boolean> {
  const { entry, at, actor, action, subject, stateBefore } = deed;
  const [recorded] = await sqlIn(em)<{ isChanged: boolean }>(
    `with after as (select audit_state(?::uuid) as state), held as materialized (select hold_roles(?, ?)), entry as (
       insert into audit_entry (id, at, actor, action, subject, state_before, state_after)
       select ?, ?, ?, ?, ?, ?, state from after, held where ? or state is distinct from ? returning state_after)
     select pg_notify('${AUDIT_CHANNEL}', ''), state_after is distinct from ? as "isChanged" from entry`,
    [
      subject,
      ...[actor, roles && `{${roles.join(',')}}`],
      ...[entry, at.toISOString(), actor, action, subject, stateBefore, actor !== null, stateBefore, stateBefore],
    ],
  );
  return recorded?.isChanged ?? false;
}
