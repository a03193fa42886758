import type { EntityManager } from '@mikro-orm/postgresql';
import type { Sql } from '../database/sql.ts';
import { sqlIn } from '../database/sql-in.ts';

/** A holder that cannot renew its lease for this long has lost it. It renews every second. */
export const TIME_LEASE_MS = 10_000;

/** The lease as it stands after a hub has looked at it. */
export interface LeaseLook {
  /** The number under which the hub keeps time; null where another one does, or nobody. */
  fencing: number | null;
  /** PostgreSQL's time as it answered, and how long the answer took. */
  now: Date;
  roundTripMs: number;
  /** How long ago everything that was due had been done last. */
  ageMs: number;
}

export interface Candidate {
  /** Of this process alone. */
  id: string;
  /** The number under which it keeps time so far. */
  fencing: number | null;
  /** Whether it may take a lease that is free. */
  mayLead: boolean;
  /** Whether everything that was due has been done since the last look. */
  hasKept: boolean;
}

const SET_UNTIL = `until = now() + interval '${TIME_LEASE_MS} milliseconds'`;

const RENEW = `update timekeeping_lease
  set ${SET_UNTIL}, session = pg_backend_pid(), kept_at = case when $3 then now() else kept_at end
  where id = 1 and holder = $1 and fencing = $2`;

/**
 * Free is a lease that has run out; one whose session PostgreSQL has ended, as it does when a process is killed; and one that
 * ends later than any can, because PostgreSQL's clock was set back.
 */
const TAKE = `update timekeeping_lease
  set ${SET_UNTIL}, session = pg_backend_pid(), holder = $1, fencing = fencing + 1
  where id = 1 and $2 and (
    until <= now() or until > now() + interval '${2 * TIME_LEASE_MS} milliseconds'
    or not exists (select from pg_stat_activity where pid = timekeeping_lease.session))`;

const STATE = `select fencing::float8 as fencing, holder, clock_timestamp() as now,
    (extract(epoch from clock_timestamp() - kept_at) * 1000)::float8 as age
  from timekeeping_lease where id = 1`;

interface State {
  fencing: number;
  holder: string | null;
  now: Date;
  age: number;
}

/** Renews the lease of a process that holds it, and takes it where it is free. Answers how it stands then. */
export async function lookAtLease(sql: Sql, { id, fencing, mayLead, hasKept }: Candidate): Promise<LeaseLook> {
  if (fencing === null) await sql(TAKE, [id, mayLead]);
  else await sql(RENEW, [id, fencing, hasKept]);
  const askedAt = performance.now();
  const [state] = await sql<State>(STATE);
  const roundTripMs = performance.now() - askedAt;
  if (!state) throw new Error('there is no lease of time: migrations did not run');
  const isHeld = state.holder === id && (fencing === null || state.fencing === fencing);
  return { fencing: isHeld ? state.fencing : null, now: state.now, roundTripMs, ageMs: Math.max(0, state.age) };
}

/** Gives a lease back, so that another process takes it within a second. */
export async function returnTime(sql: Sql, id: string): Promise<void> {
  await sql('update timekeeping_lease set until = now(), holder = null, session = null where id = 1 and holder = $1', [
    id,
  ]);
}

/** Thrown inside the transaction of an act whose hub does not keep time any more: nothing of it stays. */
export class LeaseLost extends Error {
  constructor() {
    super('another hub keeps time');
    this.name = 'LeaseLost';
  }
}

/** Does a piece of work as an act of the process that keeps time, inside the caller's transaction. */
export type Fence = <T>(em: EntityManager, work: () => Promise<T>) => Promise<T>;

export const fenceOf =
  (fencing: number): Fence =>
  (em, work) =>
    underLease(em, fencing, work);

/** Does a piece of work as such an act, in a transaction of its own. */
export const inFencedTransaction = <T>(
  em: EntityManager,
  fence: Fence,
  work: (inside: EntityManager) => Promise<T>,
): Promise<T> =>
  em.transactional((opened) => {
    const inside = opened as EntityManager;
    return fence(inside, () => work(inside));
  });

/** How long an act may stand still between two statements: less than a lease lasts, since a hub that takes over waits for it. */
const STANDING_MS = 4_000;

/**
 * Does something that only the hub that keeps time may do (I-23), inside the caller's transaction. Throws LeaseLost where another hub
 * has taken over, even in the last moment: from the second look until the commit, none can. PostgreSQL ends the transaction
 * of a hub that stops in between, so that its locks hold nobody up.
 */
async function underLease<T>(em: EntityManager, fencing: number, work: () => Promise<T>): Promise<T> {
  await showNumber(em, fencing, '');
  const result = await work();
  await em.flush();
  await showNumber(em, fencing, 'for key share');
  return result;
}

async function showNumber(em: EntityManager, fencing: number, lock: '' | 'for key share'): Promise<void> {
  const rows = await sqlIn(em)(
    `select set_config('idle_in_transaction_session_timeout', '${STANDING_MS}', true)
     from timekeeping_lease where id = 1 and fencing = ? ${lock}`,
    [fencing],
  );
  if (rows.length === 0) throw new LeaseLost();
}
