import type { EntityManager } from '@mikro-orm/postgresql';
import { parisTime } from '../clock.ts';
import { Conclusion, type ConclusionRow, Evidence, type ReportRow } from './report.entity.ts';
import { type ClosedState, type ReportState, stateAt } from './report.rules.ts';

export interface Person {
  id: string;
  name: string;
}

export interface ConclusionView {
  state: ClosedState;
  explanation: string;
  evidence: { label: string; url: string; official: boolean }[];
  by: Person;
  at: string;
}

/** A report as the desk reads it at a moment. The person who has claimed it is named only while the claim runs. */
export interface ReportView {
  id: string;
  state: ReportState;
  text: string;
  channel: string;
  url: string | null;
  seenAt: string;
  submittedAt: string;
  /** INSEE code. */
  commune: string | null;
  point: { type: 'Point'; coordinates: [number, number] } | null;
  category: string | null;
  submittedBy: Person;
  claimedBy: Person | null;
  claimedUntil: string | null;
  duplicateOf: string | null;
  escalated: boolean;
  markedPublic: boolean;
  conclusion: ConclusionView | null;
}

/** Views of report rows (with the people populated), in their order; two queries, however many there are. */
export async function viewsOf(em: EntityManager, rows: readonly ReportRow[], now: Date): Promise<ReportView[]> {
  const conclusions = await standingConclusions(em, rows);
  return rows.map((row) => ({ ...viewOf(row, now), conclusion: conclusions.get(row.id) ?? null }));
}

function viewOf(row: ReportRow, now: Date): Omit<ReportView, 'conclusion'> {
  const state = stateAt(row, now);
  const held = state === 'CLAIMED' && row.claimedBy && row.claimedUntil ? row : null;
  return {
    id: row.id,
    state,
    text: row.text,
    channel: row.channel,
    url: row.url ?? null,
    seenAt: parisTime(row.seenAt),
    submittedAt: parisTime(row.submittedAt),
    commune: row.commune ?? null,
    point: pointOf(row),
    category: row.category ?? null,
    submittedBy: personOf(row.submittedBy),
    claimedBy: held?.claimedBy ? personOf(held.claimedBy) : null,
    claimedUntil: held?.claimedUntil ? parisTime(held.claimedUntil) : null,
    duplicateOf: row.duplicateOf?.id ?? null,
    escalated: row.escalated,
    markedPublic: row.markedPublic,
  };
}

const personOf = ({ id, name }: Person): Person => ({ id, name });

/** Where a report was seen, as a GeoJSON point; null where that was not given. */
export const pointOf = ({ lon, lat }: { lon?: number | null; lat?: number | null }): ReportView['point'] =>
  lon === null || lon === undefined || lat === null || lat === undefined
    ? null
    : { type: 'Point', coordinates: [lon, lat] };

async function standingConclusions(
  em: EntityManager,
  reports: readonly ReportRow[],
): Promise<Map<string, ConclusionView>> {
  const closed = reports.filter(({ closedAt }) => closedAt);
  if (closed.length === 0) return new Map();
  const rows = await em.find(Conclusion, { report: { $in: closed }, reopenedAt: null }, { populate: ['by'] });
  const evidence = await em.find(Evidence, { conclusion: { $in: rows } }, { orderBy: { place: 'asc' } });
  return new Map(rows.map((row) => [row.report.id, conclusionOf(row, evidence)]));
}

const conclusionOf = (row: ConclusionRow, evidence: readonly EvidenceOf[]): ConclusionView => ({
  state: row.state,
  explanation: row.explanation,
  evidence: evidence
    .filter(({ conclusion }) => conclusion.id === row.id)
    .map(({ label, url, official }) => ({ label, url, official })),
  by: personOf(row.by),
  at: parisTime(row.at),
});

interface EvidenceOf {
  conclusion: { id: string };
  label: string;
  url: string;
  official: boolean;
}
