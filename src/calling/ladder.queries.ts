import type { EntityManager } from '@mikro-orm/postgresql';
import { OWN_ISSUERS } from '../access/own-issuers.rules.ts';
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

/** People on duty in the function, and those who lead a cell: of the call's incident, of the standing roster, of others. */
const ON_DUTY = `
  select s.account_id as account, case s.duty_function when 'LEAD' then 'LEAD' else 'FUNCTION' end as tier,
    case when s.incident_id = ?::uuid then 0 when s.incident_id is null then 1 else 2 end as distance,
    s.rank, s.starts_at as since
  from duty_shift s left join incident i on i.id = s.incident_id
  where s.duty_function in ('LEAD', ?) and coalesce(i.state, 'OPEN') = 'OPEN' and s.ended_at is null
    and (s.handed_to_id is not null or (s.starts_at <= ? and s.ends_at > ?))
    and case when ? = 'ACTUAL' then coalesce(i.mode, 'ACTUAL') = 'ACTUAL' else s.incident_id = ?::uuid end`;

/** Everybody with the role; in an exercise, those whose organisation takes part in it. */
const WITH_THE_ROLE = `
  select a.id, 'ROLE', 3, 0, a.created_at from account a
  where ? = any(a.roles) and (? = 'ACTUAL' or a.organisation_id in (
    select x.organisation_id from incident_participant x where x.incident_id = ?::uuid))`;

/** Of what is in hand: those who wrote it may not approve it, and those who approved it have done so. */
const DONE_WITH_IT = `
  select e.account_id from revision r join revision_editor e on e.revision_id = r.id
  where r.dossier_id = ?::uuid and r.published_at is null and r.abandoned_at is null
  union all
  select v.by_id from revision r join approval v on v.revision_id = r.id and v.voided_at is null
  where r.dossier_id = ?::uuid and r.published_at is null and r.abandoned_at is null`;

/**
 * The rungs of a call as the roster stands: never the person who caused it (I-50), nobody whose account is disabled, and to a
 * review nobody who may not decide it. A real call rings nobody who is on duty in an exercise alone, and an exercise only
 * those who take part.
 */
export async function ladderOf(em: EntityManager, call: Calling, now: Date): Promise<string[][]> {
  const { reason, dossier, incident, mode, causedBy, target } = call;
  if (target !== null) return [[target]];
  const { dutyFunction, role } = ruleOf(reason);
  const at = now.toISOString();
  const reviewed = reason === 'REVIEW' ? dossier : null;
  const people = await sqlIn(em)<Callable>(
    `select q.account, q.tier from (${ON_DUTY} union all ${WITH_THE_ROLE}) q
     join account a on a.id = q.account and a.disabled_at is null and a.issuer not in (?)
     where a.id is distinct from ?::uuid and a.id not in (${DONE_WITH_IT})
     order by q.distance, q.rank, q.since, a.id`,
    [
      ...[incident, dutyFunction, at, at, mode, incident],
      ...[role, mode, incident],
      ...[OWN_ISSUERS, causedBy, reviewed, reviewed],
    ],
  );
  return rungsOf(reason, people);
}
