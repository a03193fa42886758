import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import { sqlIn } from '../database/sql-in.ts';
import type { Deed, DoneDeed } from '../office/audit.commands.ts';
import { TO_BE_CONFIRMED_MS } from '../publications/decision/decision.rules.ts';
import { type CallReason, FAULT_MS, SOON_MS } from './call.rules.ts';

/** Columns that every call is opened with, as they stand after the two that say its reason and id. */
const OPENED = `insert into call (id, reason, dossier_id, report_id, incident_id, mode, severity, state, caused_by_id,
  started_at, rung, due_at)`;

/** A call that is open already goes on, and leaves out the person who caused it last. */
const ONCE = `on conflict (reason, coalesce(dossier_id, report_id, watcher_id, target_id)) where ended_at is null
  do update set caused_by_id = excluded.caused_by_id, severity = excluded.severity`;

/** In an exercise only those who take part are called: one that belongs to no incident has none. */
const HAS_PEOPLE = `(r.mode = 'ACTUAL' or r.content->>'incidentId' is not null)`;

// One call for each reason, and for a signature none where none is missing.
const ABOUT_DOSSIER = `${OPENED}
  select w.id, w.reason, d.id, null, (r.content->>'incidentId')::uuid, r.mode, r.severity, 'RINGING', ?, ?, 0, ?
  from dossier d left join publication p on p.id = d.id
  join revision r on r.id = case when ?::boolean then p.live_revision_id else
    (select id from revision where dossier_id = d.id and published_at is null and abandoned_at is null) end
  cross join jsonb_to_recordset(?::jsonb) as w(id uuid, reason text)
  where d.id = ?::uuid and (w.reason <> 'SIGNATURE' or not is_signed(r.id)) and ${HAS_PEOPLE} ${ONCE}`;

const ABOUT_REPORT = `${OPENED}
  select ?, 'ESCALATED', null, r.id, null, 'ACTUAL', null, 'RINGING', ?, ?, 0, ? from report r where r.id = ?::uuid ${ONCE}`;

/** Its sender is rung too, once nobody has answered: the call is caused by nobody. */
const ABOUT_FLASH = `${OPENED}
  select ?, 'FLASH', null, f.report_id, f.incident_id, f.mode, null, 'RINGING', null, ?, 0, ? from flash f where f.id = ?::uuid`;

/** The deeds that leave a decision to others. */
const OPENS: Partial<Record<Deed['action'], readonly CallReason[]>> = {
  submitDossier: ['REVIEW', 'SIGNATURE'],
  publishDossierUrgently: ['COSIGN'],
  escalateReport: ['ESCALATED'],
  flashReport: ['FLASH'],
};

/** Opens the calls that a deed asks for, in its transaction and by one statement: all are committed, or nothing. */
export async function openCallOn(em: EntityManager, { action, subject, actor, at }: DoneDeed): Promise<void> {
  const reasons = OPENS[action];
  if (!reasons) return;
  const since = at.toISOString();
  const sql = sqlIn(em);
  if (reasons.includes('ESCALATED')) await sql(ABOUT_REPORT, [uuid(), actor, since, since, subject]);
  else if (reasons.includes('FLASH')) await sql(ABOUT_FLASH, [uuid(), since, since, subject]);
  else {
    const calls = JSON.stringify(reasons.map((reason) => ({ id: uuid(), reason })));
    await sql(ABOUT_DOSSIER, [actor, since, since, reasons.includes('COSIGN'), calls, subject]);
  }
}

/**
 * Opens a call for each dossier that waits for a signature of another organisation without one, since a rule has come into force
 * after it was submitted.
 */
export async function callForSignatures(em: EntityManager, now: Date): Promise<void> {
  const at = now.toISOString();
  await sqlIn(em)(
    `${OPENED}
     select gen_random_uuid(), 'SIGNATURE', d.id, null, (r.content->>'incidentId')::uuid, r.mode, r.severity, 'RINGING', null, ?, 0, ?
     from dossier d join revision r on r.dossier_id = d.id and r.published_at is null and r.abandoned_at is null
     where d.stage in ('IN_REVIEW', 'APPROVED', 'SCHEDULED') and ${HAS_PEOPLE}
       and exists (select from signature_rule s where s.state = 'IN_FORCE' and d.kind = any(s.kinds))
       and not exists (select from call c where c.dossier_id = d.id and c.reason = 'SIGNATURE' and c.ended_at is null)
       and not is_signed(r.id)
     on conflict do nothing`,
    [at, at],
  );
}

/**
 * Opens a call for each alert that ends within 30 minutes while nothing is decided about what follows (I-16): no next revision
 * is scheduled. An alert that was written within these 30 minutes was given that end just now.
 */
export async function callBeforeEnds(em: EntityManager, now: Date): Promise<void> {
  const at = now.toISOString();
  await sqlIn(em)(
    `${OPENED}
     select gen_random_uuid(), 'ENDS_SOON', p.id, null, p.incident_id, p.mode, p.severity, 'RINGING', null, ?, 0, ?
     from publication p join dossier d on d.id = p.id
     where p.announced = 'IN_FORCE' and p.ends_at > ? and p.ends_at <= ? and p.severity is not null and not p.closed
       and p.revised_at < p.ends_at - interval '${SOON_MS} milliseconds' and d.stage <> 'SCHEDULED'
       and (p.mode = 'ACTUAL' or p.incident_id is not null)
       and not exists (select from call c where c.dossier_id = p.id and c.reason = 'ENDS_SOON'
         and (c.ended_at is null or c.started_at > p.revised_at))
     on conflict do nothing`,
    [at, at, at, new Date(now.getTime() + SOON_MS).toISOString()],
  );
}

/**
 * Opens a call for each oral order in force whose act has been awaited for 24 hours (D05), once a day until it is confirmed:
 * the person who took the call before has asked for the act, and nothing says that it was signed.
 */
export async function callAboutOrders(em: EntityManager, now: Date): Promise<void> {
  const at = now.toISOString();
  const before = new Date(now.getTime() - TO_BE_CONFIRMED_MS).toISOString();
  await sqlIn(em)(
    `${OPENED}
     select gen_random_uuid(), 'DECISION_UNCONFIRMED', p.id, null, p.incident_id, p.mode, p.severity, 'RINGING', null, ?, 0, ?
     from revision r join publication p on p.id = r.dossier_id and p.live_revision_id = r.id
     where r.content->'decision'->>'form' = 'ORAL_ORDER' and r.published_at is not null
       and (r.content->'decision'->>'decidedAt')::timestamptz <= ?
       and p.announced = 'IN_FORCE' and not p.closed and (p.mode = 'ACTUAL' or p.incident_id is not null)
       and confirmed_order(p.id) is null
       and not exists (select from call c where c.dossier_id = p.id and c.reason = 'DECISION_UNCONFIRMED'
         and (c.ended_at is null or c.started_at > ?))
     on conflict do nothing`,
    [at, at, before, before],
  );
}

/** Opens a call for each watched feed that could not be read for 30 minutes, once until it is read again. */
export async function callAboutSources(em: EntityManager, now: Date): Promise<void> {
  const at = now.toISOString();
  await sqlIn(em)(
    `insert into call (id, reason, watcher_id, mode, state, started_at, rung, due_at)
     select gen_random_uuid(), 'SOURCE_FAULT', w.id, 'ACTUAL', 'RINGING', ?, 0, ? from watcher w
     where w.active and w.failing_since <= ?
       and not exists (select from call c where c.watcher_id = w.id
         and (c.ended_at is null or c.started_at > w.failing_since))
     on conflict do nothing`,
    [at, at, new Date(now.getTime() - FAULT_MS).toISOString()],
  );
}
