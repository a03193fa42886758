import type { EntityManager } from '@mikro-orm/postgresql';
import { OWN_ISSUERS } from '../access/own-issuers.rules.ts';
import { PERMISSIONS } from '../access/permissions.rules.ts';
import { sqlIn } from '../database/sql-in.ts';
import type { Mode } from '../publications/vocabulary.ts';
import { type Callable, type CallReason, ruleOf, rungsOf } from './call.rules.ts';

/** A call as far as it decides who is rung. */
export interface Calling {
  reason: CallReason;
  dossier: string | null;
  incident: string | null;
  mode: Mode;
  causedBy: string | null;
  /** The person for whom it is a test. */
  target: string | null;
}

/** People on duty, in one tier of a ladder: of the call's incident, of the standing roster, of others. */
const onDuty = (tier: string, which: string) => `
  select s.account_id as account, ${tier} as tier,
    case when s.incident_id = ?::uuid then 0 when s.incident_id is null then 1 else 2 end as distance,
    s.rank, s.starts_at as since
  from duty_shift s left join incident i on i.id = s.incident_id
  where ${which} and coalesce(i.state, 'OPEN') = 'OPEN' and s.ended_at is null
    and (s.handed_to_id is not null or (s.starts_at <= ? and s.ends_at > ?))
    and case when ? = 'ACTUAL' then coalesce(i.mode, 'ACTUAL') = 'ACTUAL' else s.incident_id = ?::uuid end`;

/** People on duty in the function, and those who lead a cell. */
export const ON_DUTY = onDuty(
  `case s.duty_function when 'LEAD' then 'LEAD' else 'FUNCTION' end`,
  `s.duty_function in ('LEAD', ?)`,
);
/** People on duty, in whatever function, whom a call asks before others: they may give a signature that is missing, or published. */
const FOREMOST_ON_DUTY = onDuty(`'FUNCTION'`, 's.account_id in (select id from foremost)');

/** Everybody of a kind; in an exercise, those whose organisation takes part in it. */
const everybody = (which: string) => `
  select a.id, 'ROLE', 3, 0, a.created_at from account a
  where ${which} and (? = 'ACTUAL' or a.organisation_id in (
    select x.organisation_id from incident_participant x where x.incident_id = ?::uuid))`;

export const WITH_THE_ROLE = everybody('? = any(a.roles)');
/** Where roles come with tokens, PostgreSQL does not know who may sign: those on duty alone are rung. */
const ALL_SIGNERS = everybody('a.roles is not null and a.id in (select id from signer)');

/**
 * The revision that people are asked to decide; those who are done with it, since they wrote it, which keeps them from signing, or
 * have signed it; those who may sign it for an organisation whose signature is missing; and the person who published what
 * institutions have not read.
 */
const ABOUT_REVISION = `
  with decided as (
    select case ? when 'COSIGN' then awaited_cosignature(d.id) else
      (select r.id from revision r where r.dossier_id = d.id and r.published_at is null and r.abandoned_at is null) end as id
    from dossier d where d.id = ?::uuid),
  done as (
    select e.account_id as id from decided r join revision_editor e on e.revision_id = r.id
    union all
    select v.by_id from decided r join approval v on v.revision_id = r.id and v.voided_at is null),
  missing as (
    select n.need->'anyOf' as any_of from decided r, jsonb_array_elements(signatures_asked(r.id)) as n(need)
    where (n.need->>'given')::int < (n.need->>'count')::int),
  signer as (
    select a.id from account a join organisation o on o.id = a.organisation_id
    where ? and (a.roles is null or a.roles && ?::text[]) and exists (
      select from missing m where m.any_of @> to_jsonb(o.kind))),
  publisher as (
    select case e.action when 'SCHEDULED' then d.scheduled_by_id else e.actor end as id
    from dossier d join lateral (
      select x.action, x.actor from audit_entry x
      where x.subject = d.id and x.action in ('publishDossier', 'publishDossierUrgently', 'SCHEDULED')
      order by x.position desc limit 1) e on true
    where d.id = ?::uuid),
  foremost as (select id from signer union all select id from publisher where id is not null)`;

/** The reasons that are about a revision which people decide. */
const DECIDES: readonly CallReason[] = ['REVIEW', 'SIGNATURE', 'COSIGN'];
const MAY_SIGN = `{${PERMISSIONS.approveDossier.join(',')}}`;

/**
 * The rungs of a call as the roster stands: never the person who caused it (I-50), nobody whose account is disabled, and nobody
 * whose decision would count for nothing. A real call rings nobody who is on duty in an exercise alone, and an exercise only
 * those who take part.
 */
export async function ladderOf(em: EntityManager, call: Calling, now: Date): Promise<string[][]> {
  const { reason, dossier, incident, mode, causedBy, target } = call;
  if (target !== null) return [[target]];
  const { dutyFunction, role, signers = false } = ruleOf(reason);
  const at = now.toISOString();
  // Whose cosignature counts for nothing may end the wait all the same, unless a signature is missing.
  const people = await sqlIn(em)<Callable>(
    `${ABOUT_REVISION}
     select q.account, q.tier
     from (${ON_DUTY} union all ${FOREMOST_ON_DUTY} union all ${WITH_THE_ROLE} union all ${ALL_SIGNERS}) q
     join account a on a.id = q.account and a.disabled_at is null and a.issuer not in (?)
     where a.id is distinct from ?::uuid
       and ((? = 'COSIGN' and not exists (select from missing)) or a.id not in (select id from done))
     order by a.id in (select id from foremost) desc, q.distance, q.rank, q.since, a.id`,
    [
      ...[reason, DECIDES.includes(reason) ? dossier : null, signers, MAY_SIGN],
      reason === 'INSTITUTIONS_UNREAD' ? dossier : null,
      ...[incident, dutyFunction, at, at, mode, incident],
      ...[incident, at, at, mode, incident],
      ...[role, mode, incident],
      ...[mode, incident],
      ...[OWN_ISSUERS, causedBy, reason],
    ],
  );
  return rungsOf(reason, people);
}
