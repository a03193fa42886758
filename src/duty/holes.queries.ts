import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../access/actor.ts';
import { demand } from '../access/permissions.rules.ts';
import { parisTime } from '../clock.ts';
import { sqlIn } from '../database/sql-in.ts';
import type { Mode } from '../publications/vocabulary.ts';
import type { DutyFunction } from './duty.rules.ts';
import { type Covering, type Hole, type HoleReason, rosterHoles, type Staffed, TOLD_AHEAD } from './holes.rules.ts';

type Named = Staffed & { slug: string; title: string; mode: Mode };

/** A hole of the roster as the desk sees it. */
export interface RosterHoleView {
  reason: HoleReason;
  incident: { id: string; slug: string; title: string } | null;
  dutyFunction: DutyFunction;
  account: { id: string; name: string } | null;
  from: string;
  to: string;
}

/** A shift as PostgreSQL answers it. Moments are text that `Date` reads. */
type Row = Pick<Covering, 'incident' | 'dutyFunction' | 'account' | 'handedTo'> & {
  name: string;
  startsAt: string;
  endsAt: string;
  endedAt: string | null;
};

// A day back, for people who are on in a row; what was handed over lasts for as long as nobody takes over.
const SHIFTS = `
  select s.incident_id as incident, s.duty_function as "dutyFunction", s.account_id as account, a.name, s.handed_to_id as "handedTo",
    s.starts_at as "startsAt", s.ends_at as "endsAt", s.ended_at as "endedAt"
  from duty_shift s join account a on a.id = s.account_id left join incident i on i.id = s.incident_id
  where coalesce(i.state, 'OPEN') = 'OPEN' and s.starts_at < ?
    and (coalesce(s.ended_at, s.ends_at) > ? or (s.handed_to_id is not null and s.ended_at is null))`;

/** The roster of the next 24 hours, the incidents that need one, and the holes in it, the first one first. */
interface RosterAhead {
  incidents: readonly Named[];
  shifts: readonly (Covering & { name: string })[];
  holes: readonly Hole[];
}

/** The roster as it stands. The caller has checked the actor's permission, or is the clock. */
export async function rosterAhead(em: EntityManager, now: Date): Promise<RosterAhead> {
  const sql = sqlIn(em);
  const incidents = await sql<Named>(
    `select id, slug, title, level, mode from incident where state = 'OPEN' and level <> 'STANDBY' order by opened_at, id`,
  );
  const moments = [now.getTime() + TOLD_AHEAD, now.getTime() - TOLD_AHEAD];
  const rows = await sql<Row>(
    SHIFTS,
    moments.map((moment) => new Date(moment).toISOString()),
  );
  const shifts = rows.map((row) => ({
    ...row,
    startsAt: new Date(row.startsAt),
    endsAt: new Date(row.endsAt),
    endedAt: row.endedAt === null ? null : new Date(row.endedAt),
  }));
  return { incidents, shifts, holes: rosterHoles(shifts, incidents, now) };
}

/** The holes of the standing roster and of all open incidents in the next 24 hours, the first one first. */
export async function rosterHoleViews(em: EntityManager, actor: Actor | null, now: Date): Promise<RosterHoleView[]> {
  demand(actor, 'readDutyRoster');
  const { incidents, shifts, holes } = await rosterAhead(em, now);
  const names = new Map(shifts.map(({ account, name }) => [account, name]));
  return holes.map(({ incident, account, from, to, ...hole }) => {
    const found = incidents.find(({ id }) => id === incident);
    return {
      ...hole,
      incident: found ? { id: found.id, slug: found.slug, title: found.title } : null,
      account: account === null ? null : { id: account, name: names.get(account) ?? '' },
      from: parisTime(from),
      to: parisTime(to),
    };
  });
}
