import type { EntityManager } from '@mikro-orm/postgresql';
import { personIfInJson, personInJson } from '../access/account.queries.ts';
import { parisTime } from '../clock.ts';
import { listInJson } from '../database/sql.ts';
import { sqlIn } from '../database/sql-in.ts';
import { isUuid } from '../uuid.ts';
import { PICTURES_IN_JSON, type PictureInJson, pictureView } from './pictures/picture-views.queries.ts';
import { type ClosedState, type ReportState, stateAt } from './report.rules.ts';
import { type ConclusionView, type Person, pointOf, type ReportView } from './report-view.ts';

/** A report as PostgreSQL answers it. Moments are text that `Date` reads. */
interface Row {
  id: string;
  state: ReportState;
  text: string;
  channel: string;
  url: string | null;
  seenAt: string;
  submittedAt: string;
  commune: string | null;
  lon: number | null;
  lat: number | null;
  category: string | null;
  submittedBy: Person;
  claimedBy: Person | null;
  claimedUntil: string | null;
  duplicateOf: string | null;
  questionGroup: string | null;
  escalated: boolean;
  markedPublic: boolean;
  conclusion: ConclusionRow | null;
  pictures: PictureInJson[];
}

interface ConclusionRow {
  state: ClosedState;
  explanation: string;
  evidence: ConclusionView['evidence'];
  by: Person;
  at: string;
}

// One statement, so one moment: a report, who holds it, how it was closed and its pictures cannot disagree.
const VIEWS = `
  select r.id, r.state, r.text, r.channel, r.url, r.seen_at as "seenAt", r.submitted_at as "submittedAt", r.commune,
    r.lon, r.lat, r.category, r.claimed_until as "claimedUntil", r.duplicate_of_id as "duplicateOf", r.escalated,
    r.question_group_id as "questionGroup",
    r.marked_public as "markedPublic",
    ${personInJson('s')} as "submittedBy",
    ${personIfInJson('h')} as "claimedBy",
    (select json_build_object('state', c.state, 'explanation', c.explanation, 'at', c.at,
       'by', ${personInJson('a')},
       'evidence', ${listInJson(
         `json_build_object('label', e.label, 'url', e.url, 'official', e.official)`,
         'e.place',
         'evidence e where e.conclusion_id = c.id',
       )})
     from conclusion c join account a on a.id = c.by_id
     where r.closed_at is not null and c.report_id = r.id and c.reopened_at is null) as conclusion,
    ${PICTURES_IN_JSON} as pictures
  from report r join account s on s.id = r.submitted_by_id left join account h on h.id = r.claimed_by_id
  where r.id in (?)`;

/** Reports as they stand at a moment, in the order of their ids; ids of nothing are left out. The caller has checked the actor's permission. */
export async function reportViews(em: EntityManager, ids: readonly string[], now: Date): Promise<ReportView[]> {
  const known = ids.filter(isUuid);
  if (known.length === 0) return [];
  const rows = await sqlIn(em)<Row>(VIEWS, [known]);
  const views = new Map(rows.map((row) => [row.id, viewOf(row, now)]));
  return known.flatMap((id) => views.get(id.toLowerCase()) ?? []);
}

function viewOf({ lon, lat, conclusion, pictures, ...row }: Row, now: Date): ReportView {
  const claimedUntil = row.claimedUntil === null ? null : new Date(row.claimedUntil);
  const state = stateAt({ state: row.state, claimedUntil }, now);
  const isHeld = state === 'CLAIMED';
  return {
    ...row,
    state,
    seenAt: parisTime(new Date(row.seenAt)),
    submittedAt: parisTime(new Date(row.submittedAt)),
    point: pointOf({ lon, lat }),
    claimedBy: isHeld ? row.claimedBy : null,
    claimedUntil: isHeld && claimedUntil ? parisTime(claimedUntil) : null,
    conclusion: conclusion && { ...conclusion, at: parisTime(new Date(conclusion.at)) },
    pictures: pictures.map(pictureView),
  };
}
