import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import { personIfInJson, personInJson } from '../access/account.queries.ts';
import type { Actor } from '../access/actor.ts';
import { OWN_ISSUERS } from '../access/own-issuers.rules.ts';
import { demand, permitsEverywhere } from '../access/permissions.rules.ts';
import { instant, parisTime } from '../clock.ts';
import { sqlIn } from '../database/sql-in.ts';
import { invalidInput } from '../errors.ts';
import { present } from '../office/present.rules.ts';
import { ID_PART, Keyset } from '../paging/keyset.rules.ts';
import { demandFirst, type Page, type PageRequest } from '../paging/page.rules.ts';
import { byName, type RowCondition, type SqlList, sqlPage } from '../paging/sql-list.queries.ts';
import { isUuid } from '../uuid.ts';
import { type DutyFunction, type ShiftState, shiftState } from './duty.rules.ts';

interface Person {
  id: string;
  name: string;
}

/** A shift as the desk sees it at one moment. */
export interface DutyShiftView {
  id: string;
  version: number;
  /** Null on the standing roster. */
  incident: { id: string; slug: string; title: string } | null;
  dutyFunction: DutyFunction;
  account: Person;
  rank: number;
  from: string;
  to: string;
  state: ShiftState;
  handedTo: Person | null;
  /** Null for readers who are neither staff nor one of the two people. */
  note: string | null;
  relieves: string | null;
}

/** As whom, and when, a shift is read. */
export interface RosterReader {
  em: EntityManager;
  actor: Actor | null;
  now: Date;
}

/** A shift as PostgreSQL answers it. Moments are text that `Date` reads. */
type Row = Omit<DutyShiftView, 'from' | 'to' | 'state'> & {
  isIncidentOpen: boolean;
  startsAt: string;
  endsAt: string;
  endedAt: string | null;
};

const SHIFTS = `
  select s.id, s.version, s.duty_function as "dutyFunction", s.rank, s.note, s.relieves,
    case when i.id is not null then json_build_object('id', i.id, 'slug', i.slug, 'title', i.title) end as incident,
    coalesce(i.state, 'OPEN') = 'OPEN' as "isIncidentOpen",
    ${personInJson('a')} as account, ${personIfInJson('h')} as "handedTo",
    s.starts_at as "startsAt", s.ends_at as "endsAt", s.ended_at as "endedAt"
  from duty_shift s join account a on a.id = s.account_id
  left join account h on h.id = s.handed_to_id left join incident i on i.id = s.incident_id`;

/** Shifts by their ids, in no order. The caller has checked the actor's permission. */
export async function dutyShifts({ em, actor, now }: RosterReader, ids: readonly string[]): Promise<DutyShiftView[]> {
  const known = ids.filter(isUuid);
  if (known.length === 0) return [];
  const rows = await sqlIn(em)<Row>(`${SHIFTS} where s.id in (?)`, [known]);
  return rows.map((row) => viewOf(row, actor, now));
}

/** A shift as a command of the same request left it. */
export const writtenShift = async (reader: RosterReader, id: string): Promise<DutyShiftView> =>
  present((await dutyShifts(reader, [id]))[0], 'shift', id);

/** The SQL of whether a shift `s` of an incident `i` is on duty at a moment, which is written twice. */
export const onDutySql = (moment: string): string => `i.state = 'OPEN' and s.ended_at is null
  and (s.handed_to_id is not null or (s.starts_at <= ${moment} and s.ends_at > ${moment}))`;

/** The people on duty for incidents at this moment, the first to be called first. The caller has checked the permission. */
export async function onDuty(
  { em, actor, now }: RosterReader,
  incidents: readonly string[],
): Promise<Map<string, DutyShiftView[]>> {
  const rows = await sqlIn(em)<Row>(
    `${SHIFTS} where s.incident_id in (?) and ${onDutySql('?')}
     order by s.duty_function, s.rank, s.starts_at, s.id`,
    [incidents, now.toISOString(), now.toISOString()],
  );
  const views = rows.map((row) => viewOf(row, actor, now));
  return new Map(incidents.map((id) => [id, views.filter(({ incident }) => incident?.id === id)]));
}

const IN_ORDER: SqlList<{ id: string; at: string }, [at: string, id: string]> = {
  keys: new Keyset(z.tuple([z.iso.datetime(), ID_PART])),
  select: 'id, starts_at as at',
  from: 'duty_shift',
  key: [
    { sql: 'starts_at', type: 'timestamptz' },
    { sql: 'id', type: 'uuid' },
  ],
  order: 'asc',
  keyOf: ({ at, id }) => [new Date(at).toISOString(), id],
};

/** Which part of the roster a client asks for. */
export interface RosterRequest extends PageRequest {
  from: string;
  to: string;
  incident?: string | null;
}

/**
 * A page of the shifts between two moments, in the order of their beginnings: those that lie there in part too, and those
 * that were handed over before and that nobody has taken over. INVALID_INPUT for a span or a page that cannot be.
 */
export async function dutyRoster(
  reader: RosterReader,
  { from, to, incident, ...request }: RosterRequest,
): Promise<Page<DutyShiftView>> {
  demand(reader.actor, 'readDutyRoster');
  demandFirst(request.first);
  if (instant(to) <= instant(from)) throw invalidInput([{ path: 'to', message: 'must be later than `from`' }]);
  const conditions: RowCondition[] = [
    {
      sql: 'starts_at < ? and (coalesce(ended_at, ends_at) > ? or (handed_to_id is not null and ended_at is null))',
      values: [to, from],
    },
  ];
  if (incident) conditions.push(isUuid(incident) ? { sql: 'incident_id = ?', values: [incident] } : NONE);
  return sqlPage(reader.em, IN_ORDER, conditions, request, (ids) => dutyShifts(reader, ids));
}

const NONE: RowCondition = { sql: 'false', values: [] };

const PEOPLE: RowCondition = { sql: 'disabled_at is null and issuer not in (?)', values: [OWN_ISSUERS] };
const ACCOUNTS = byName('account');

/** A page of the people who may be put on the roster, by name. */
export async function dutyCandidates(
  em: EntityManager,
  actor: Actor | null,
  request: PageRequest,
): Promise<Page<Person>> {
  demand(actor, 'readDutyCandidates');
  demandFirst(request.first);
  const named = (ids: string[]) => sqlIn(em)<Person>('select id, name from account where id in (?)', [ids]);
  return sqlPage(em, ACCOUNTS, [PEOPLE], request, async (ids) => (ids.length === 0 ? [] : named(ids)));
}

function viewOf(
  { isIncidentOpen, startsAt, endsAt, endedAt, ...row }: Row,
  actor: Actor | null,
  now: Date,
): DutyShiftView {
  const times = {
    startsAt: new Date(startsAt),
    endsAt: new Date(endsAt),
    endedAt: endedAt === null ? null : new Date(endedAt),
    handedTo: row.handedTo?.id ?? null,
  };
  const isTheirs = actor !== null && [row.account.id, row.handedTo?.id].includes(actor.id);
  return {
    ...row,
    from: parisTime(times.startsAt),
    // The end that came, where somebody took over.
    to: parisTime(times.endedAt ?? times.endsAt),
    state: shiftState(times, isIncidentOpen, now),
    note: isTheirs || permitsEverywhere(actor, 'readIncidentFiles') ? row.note : null,
  };
}
