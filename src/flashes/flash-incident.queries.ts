import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../database/sql-in.ts';
import { onDutySql } from '../duty/duty.queries.ts';
import { invalidInput } from '../errors.ts';
import type { Mode } from '../publications/vocabulary.ts';

/** The incident of a flash, and whether it is real. */
export interface FlashIncident {
  incident: string | null;
  mode: Mode;
}

interface OpenIncident {
  id: string;
  slug: string;
  mode: Mode;
  /** Whether a dossier of it rests on the report. */
  restsOn: boolean;
}

// It is not closed until the transaction ends.
const NAMED = `select id, mode from incident where id = ?::uuid and state = 'OPEN' for share`;

/** Open incidents whose dossiers rest on the report, and real ones for which the sender is on duty. */
const FOUND = `
  with resting as materialized (
    select distinct (r.content->>'incidentId')::uuid as id
    from dossier_report x left join publication p on p.id = x.dossier_id
    join revision r on r.id = coalesce(
      (select id from revision where dossier_id = x.dossier_id and published_at is null and abandoned_at is null), p.live_revision_id)
    where x.report_id = ?::uuid and r.content->>'incidentId' is not null)
  select i.id, i.slug, i.mode, i.id in (select id from resting) as "restsOn" from incident i
  where i.state = 'OPEN' and (i.id in (select id from resting) or (i.mode = 'ACTUAL' and exists (
    select from duty_shift s where s.incident_id = i.id and s.account_id = ?::uuid and ${onDutySql('?::timestamptz')})))
  order by i.id in (select id from resting) desc,
    array_position(array['FULL', 'PARTIAL', 'REINFORCED', 'STANDBY'], i.level), i.opened_at desc, i.id`;

/**
 * The incident of a flash: the one that was named, else the real one of the report, or for which its sender is on duty. An exercise
 * is named: nobody is called in earnest by it, and no real call is taken for a part of it. INVALID_INPUT for one that is not
 * open, and where dossiers of an exercise alone rest on the report and none is named.
 */
export async function incidentOfFlash(
  em: EntityManager,
  { report, named, sender }: { report: string; named: string | null; sender: string },
  now: Date,
): Promise<FlashIncident> {
  const sql = sqlIn(em);
  if (named !== null) {
    const [found] = await sql<OpenIncident>(NAMED, [named]);
    if (!found) throw fault('must be the id of an incident that is open');
    return { incident: found.id, mode: found.mode };
  }
  const at = now.toISOString();
  const found = await sql<OpenIncident>(FOUND, [report, sender, at, at]);
  const resting = found.filter(({ restsOn }) => restsOn);
  const real = found.find(({ mode }) => mode === 'ACTUAL');
  if (resting.length > 0 && resting.every(({ mode }) => mode !== 'ACTUAL'))
    throw fault(
      `must be named: dossiers of the exercise ${resting[0]?.slug} alone rest on this report; of what is real, submit another report`,
    );
  return { incident: real?.id ?? null, mode: 'ACTUAL' };
}

const fault = (message: string) => invalidInput([{ path: 'incident', message }]);

/** Whether somebody is on duty for an open incident whose cell sits: that one, or any of the same mode where none is named. */
export async function sitsInCell(
  em: EntityManager,
  { account, named, mode }: { account: string; named: string | null; mode: Mode },
  now: Date,
): Promise<boolean> {
  const at = now.toISOString();
  const rows = await sqlIn(em)(
    `select 1 from duty_shift s join incident i on i.id = s.incident_id
     where s.account_id = ?::uuid and i.mode = ? and i.level in ('PARTIAL', 'FULL') and ${onDutySql('?::timestamptz')}
       and coalesce(i.id = ?::uuid, true) limit 1`,
    [account, mode, at, at, named],
  );
  return rows.length > 0;
}
