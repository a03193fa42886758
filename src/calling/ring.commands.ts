import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import { sqlIn } from '../database/sql-in.ts';
import type { UnitOfWork } from '../office/unit-of-work.ts';
import { type CallReason, type CallTurn, type DueCall, KEPT_DAYS, turnOf } from './call.rules.ts';
import { flashPeople, flashSender } from './flash-people.queries.ts';
import { flashTurn } from './flash-turn.rules.ts';
import { type Calling, ladderOf } from './ladder.queries.ts';

const BATCH = 100;

/** The calls whose next turn is due, the oldest first, at most a hundred. */
export async function dueCalls(em: EntityManager, now: Date): Promise<string[]> {
  const rows = await sqlIn(em)<{ id: string }>(
    'select id from call where due_at <= ? and ended_at is null order by due_at, id limit ?',
    [now.toISOString(), BATCH],
  );
  return rows.map(({ id }) => id);
}

/** The end of a turn: how many people were rung, and whether nobody was left for the first time. */
export interface Rung {
  id: string;
  reason: CallReason | null;
  rang: number;
  isExhausted: boolean;
}

/** The moment comes as text that `Date` reads. */
type DueRow = DueCall &
  Calling & { rung: number; exhaustedRung: number | null; report: string | null; startedAt: string };

/** How long a turn may stand still between two statements: the deed that ends the call waits for it. */
const STANDING_MS = 4_000;

// A call about a report that was closed, or that a dossier rests on, waits for no more than somebody who looks; so does one about
// an end, which then comes, about a feed or a condition that others have to mend, or an act that others have to sign. A call is
// over where the deed that it would have waited for came while the clock opened it.
const DUE = `
  select c.reason, c.state, c.severity, c.mode, c.rung, c.exhausted_rung as "exhaustedRung", c.dossier_id as dossier,
    c.incident_id as incident, c.caused_by_id as "causedBy", c.target_id as target, c.report_id as report,
    c.started_at as "startedAt",
    (select coalesce(json_agg(s.account_id), '[]') from call_step s where s.call_id = c.id) as asked,
    (c.reason in ('ENDS_SOON', 'DECISION_UNCONFIRMED', 'SOURCE_FAULT') or c.topic is not null or r.closed_at is not null
      or exists (select from dossier_report x where x.report_id = c.report_id)) as "isNoted",
    case c.reason
      when 'SIGNATURE' then is_signed((select v.id from revision v
        where v.dossier_id = c.dossier_id and v.published_at is null and v.abandoned_at is null))
      when 'DECISION_UNCONFIRMED' then not awaits_act(c.dossier_id)
      when 'INSTITUTIONS_UNREAD' then not exists (select from institution_notice n
        where n.publication = c.dossier_id and n.acknowledged_at is null)
      else false end as "isOver",
    set_config('idle_in_transaction_session_timeout', '${STANDING_MS}', true) as "isShort"
  from call c left join report r on r.id = c.report_id
  where c.id = ?::uuid and c.ended_at is null and c.due_at <= ? for update of c`;

/**
 * The next turn of a call: rings the people whose turn it is, or finds that everybody was rung. Its steps stand in PostgreSQL
 * before anything leaves (I-52). Nothing happens where another hub had the turn, or the call has ended meanwhile.
 */
export async function ringCall({ em, clock }: UnitOfWork, { id }: { id: string }): Promise<Rung> {
  const now = clock.now();
  const [call] = await sqlIn(em)<DueRow>(DUE, [id, now.toISOString()]);
  if (!call) return { id, reason: null, rang: 0, isExhausted: false };
  const turn = await nextTurn(em, call, now);
  const rung = call.rung + 1;
  const isExhausted = turn.state === 'EXHAUSTED' && call.exhaustedRung === null;
  await moveOn(em, id, { ...turn, rung, isExhausted, now });
  if (turn.ring.length > 0) await writeSteps(em, id, { people: turn.ring, rung, now });
  return { id, reason: call.reason, rang: turn.ring.length, isExhausted };
}

async function nextTurn(em: EntityManager, call: DueRow, now: Date): Promise<CallTurn> {
  if (call.reason !== 'FLASH') return turnOf(call, await ladderOf(em, call, now));
  const calling = { ...call, sender: await flashSender(em, call.report) };
  return flashTurn({ ...call, startedAt: new Date(call.startedAt) }, await flashPeople(em, calling, now), now);
}

interface Moved extends CallTurn {
  rung: number;
  isExhausted: boolean;
  now: Date;
}

/** A turn without a next one ends the call. */
async function moveOn(em: EntityManager, id: string, { state, dueInMs, rung, isExhausted, now }: Moved): Promise<void> {
  const due = dueInMs === null ? null : new Date(now.getTime() + dueInMs).toISOString();
  await sqlIn(em)(
    `update call set state = ?, rung = ?, due_at = ?::timestamptz, taken_until = null,
       exhausted_rung = coalesce(exhausted_rung, ?::int), taken_by_id = case when ? = 'DONE' then taken_by_id end,
       ended_at = case when ?::timestamptz is null then ?::timestamptz end
     where id = ?::uuid`,
    [state, rung, due, isExhausted ? rung : null, state, due, now.toISOString(), id],
  );
}

async function writeSteps(
  em: EntityManager,
  call: string,
  { people, rung, now }: { people: readonly string[]; rung: number; now: Date },
): Promise<void> {
  const steps = people.map((account) => ({ id: uuid(), account }));
  await sqlIn(em)(
    `insert into call_step (id, call_id, account_id, way, rung, at, outcome)
     select s.id, ?::uuid, s.account, 'DESK', ?, ?, 'ACCEPTED' from jsonb_to_recordset(?::jsonb) as s(id uuid, account uuid)`,
    [call, rung, now.toISOString(), JSON.stringify(steps)],
  );
}

/** Writes that a person answered: on all steps by which the person was rung, or on one of its own where there is none. */
export async function writeAnswer(
  em: EntityManager,
  { call, account, now }: { call: string; account: string; now: Date },
): Promise<void> {
  const answered = await sqlIn(em)(
    `update call_step set outcome = 'ANSWERED' where call_id = ?::uuid and account_id = ?::uuid returning id`,
    [call, account],
  );
  if (answered.length > 0) return;
  await sqlIn(em)(
    `insert into call_step (id, call_id, account_id, way, rung, at, outcome)
     select ?::uuid, c.id, ?::uuid, 'DESK', c.rung, ?, 'ANSWERED' from call c where c.id = ?::uuid`,
    [uuid(), account, now.toISOString(), call],
  );
}

/** Calls that are open and have rung everybody in vain. */
export async function exhaustedCalls(em: EntityManager): Promise<number> {
  const [row] = await sqlIn(em)<{ count: number }>(
    `select count(*)::int as count from call where state = 'EXHAUSTED' and ended_at is null`,
  );
  return row?.count ?? 0;
}

/** Deletes calls that ended 90 days ago. */
export async function forgetCalls(em: EntityManager, now: Date): Promise<void> {
  const before = new Date(now.getTime() - KEPT_DAYS * 24 * 3600_000).toISOString();
  await sqlIn(em)(
    `with gone as (select id from call where started_at < ? and ended_at < ?),
       steps as (delete from call_step where call_id in (select id from gone))
     delete from call where id in (select id from gone)`,
    [before, before],
  );
}
