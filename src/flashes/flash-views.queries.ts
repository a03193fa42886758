import type { EntityManager } from '@mikro-orm/postgresql';
import { personIfInJson, personInJson } from '../access/account.queries.ts';
import { demand } from '../access/permissions.rules.ts';
import {
  ORGANISATION_IN_JSON,
  type OrganisationInJson,
  type OrganisationView,
  organisationFromJson,
} from '../accounts/organisations/organisation.queries.ts';
import { parisTime, parisTimeIf } from '../clock.ts';
import { sqlIn } from '../database/sql-in.ts';
import type { UnitOfWork } from '../office/unit-of-work.ts';
import { demandFirst, LARGEST_DESK_PAGE, type Page, type PageRequest } from '../paging/page.rules.ts';
import { newestFirst, oneOf, type RowCondition, sqlPage } from '../paging/sql-list.queries.ts';
import type { Mode } from '../publications/vocabulary.ts';
import { isUuid } from '../uuid.ts';
import {
  type EmergencyCalled,
  type FlashAnswer,
  type FlashState,
  flashStateAt,
  flashStateSql,
  isEscalatedAt,
} from './flash.rules.ts';
import { flashNotice } from './flash.words.ts';
import { knownFlashes, knowsFlash } from './flash-work.ts';

interface Person {
  id: string;
  name: string;
}

/** A flash as the desk reads it at a moment. */
export interface FlashView {
  id: string;
  number: number;
  /** The id of its report. */
  report: string;
  incident: { id: string; slug: string; title: string } | null;
  mode: Mode;
  /** Null where nobody of the Sdis was on duty. */
  to: OrganisationView | null;
  state: FlashState;
  verified: boolean;
  escalated: boolean;
  notice: string;
  /** Null unless somebody has to telephone. */
  directNumber: string | null;
  what: string;
  place: string;
  emergencyCalled: EmergencyCalled;
  sentBy: Person;
  sentAt: string;
  answer: FlashAnswer | null;
  remark: string | null;
  answeredBy: Person | null;
  answeredAt: string | null;
  withdrawnFor: string | null;
  withdrawnBy: Person | null;
  withdrawnAt: string | null;
}

/** A flash as PostgreSQL answers it. Moments are text that `Date` reads. */
type Row = Omit<FlashView, 'to' | 'state' | 'escalated' | 'notice'> & { to: OrganisationInJson | null };

/** The first number of the Sdis, that of the organisation to which the flash was sent before all; an exercise calls nobody in earnest. */
const DIRECT_NUMBER = `case when f.mode = 'ACTUAL' then (
  select n.value->>'number' from organisation d cross join lateral jsonb_array_elements(d.direct_numbers) with ordinality n(value, place)
  where d.kind = 'SDIS' and d.ended_at is null
  order by (d.id is not distinct from f.to_id) desc, d.created_at, d.id, n.place limit 1) end`;

const FLASHES = `
  select f.id, f.number, f.report_id as report, f.mode, f.what, f.place, f.emergency_called as "emergencyCalled",
    case when i.id is not null then json_build_object('id', i.id, 'slug', i.slug, 'title', i.title) end as incident,
    (select ${ORGANISATION_IN_JSON} from organisation o where o.id = f.to_id) as "to",
    r.state in ('CONFIRMED', 'PARTLY_CONFIRMED') as verified, ${DIRECT_NUMBER} as "directNumber",
    ${personInJson('s')} as "sentBy", f.sent_at as "sentAt",
    f.answer, f.remark, ${personIfInJson('a')} as "answeredBy", f.answered_at as "answeredAt",
    f.withdrawn_for as "withdrawnFor", ${personIfInJson('w')} as "withdrawnBy", f.withdrawn_at as "withdrawnAt"
  from flash f join report r on r.id = f.report_id join account s on s.id = f.sent_by_id
  left join incident i on i.id = f.incident_id
  left join account a on a.id = f.answered_by_id left join account w on w.id = f.withdrawn_by_id`;

/** Flashes by their ids, as they stand at a moment; ids of nothing are left out. The caller has checked the permission. */
export async function flashViews(
  em: EntityManager,
  ids: readonly string[],
  now: Date,
): Promise<Map<string, FlashView>> {
  const known = ids.filter(isUuid);
  if (known.length === 0) return new Map();
  const rows = await sqlIn(em)<Row>(`${FLASHES} where f.id in (?)`, [known]);
  return new Map(rows.map((row) => [row.id, viewOf(row, now)]));
}

/** The same by the ids of their reports. */
export async function flashesOfReports(
  em: EntityManager,
  reports: readonly string[],
  now: Date,
): Promise<Map<string, FlashView>> {
  const rows = await sqlIn(em)<Row>(`${FLASHES} where f.report_id in (?)`, [reports]);
  return new Map(rows.map((row) => [row.report, viewOf(row, now)]));
}

const dateIf = (text: string | null): Date | null => (text === null ? null : new Date(text));

function viewOf({ sentAt, answeredAt, withdrawnAt, to, directNumber, ...row }: Row, now: Date): FlashView {
  const times = { sentAt: new Date(sentAt), answeredAt: dateIf(answeredAt), withdrawnAt: dateIf(withdrawnAt) };
  const state = flashStateAt(times, now);
  const escalated = isEscalatedAt({ ...times, hasContact: to !== null }, now);
  const told = {
    sentAt: parisTime(times.sentAt),
    answeredAt: parisTimeIf(times.answeredAt),
    withdrawnAt: parisTimeIf(times.withdrawnAt),
  };
  const isOpen = state === 'SENT' || state === 'UNANSWERED';
  return {
    ...row,
    ...told,
    to: to && organisationFromJson(to),
    state,
    escalated,
    notice: flashNotice({ ...told, answer: row.answer, escalated, hasContact: to !== null, mode: row.mode }),
    directNumber: escalated || (isOpen && row.emergencyCalled === 'NOT_YET') ? directNumber : null,
  };
}

/** One flash; null where there is none, or where the actor may not know of it. */
export async function flashById({ em, actor, clock }: UnitOfWork, id: string): Promise<FlashView | null> {
  demand(actor, 'readFlashes');
  const flash = (await flashViews(em, [id], clock.now())).get(id.toLowerCase());
  return flash && (await knowsFlash(em, actor, 'readFlashes', flash.id)) ? flash : null;
}

/** Which flashes a client asks for. */
export interface FlashRequest {
  states?: readonly FlashState[] | null;
  incident?: string | null;
}

const NEWEST = newestFirst('flash', 'sent_at');

/** A page of the flashes of which the actor may know, the newest first. INVALID_INPUT for a page that cannot be. */
export async function flashesPage(
  { em, actor, clock }: UnitOfWork,
  { states, incident, ...request }: FlashRequest & PageRequest,
): Promise<Page<FlashView>> {
  demand(actor, 'readFlashes');
  demandFirst(request.first, LARGEST_DESK_PAGE);
  const now = clock.now();
  const conditions: RowCondition[] = [...knownFlashes(actor, 'readFlashes')];
  if (states) {
    const { sql, values } = oneOf(flashStateSql('?::timestamptz'), states);
    conditions.push({ sql, values: states.length === 0 ? [] : [now.toISOString(), ...values] });
  }
  if (incident)
    conditions.push(
      isUuid(incident) ? { sql: 'incident_id = ?::uuid', values: [incident] } : { sql: 'false', values: [] },
    );
  return sqlPage(em, NEWEST, conditions, request, async (ids) => [...(await flashViews(em, ids, now)).values()]);
}
