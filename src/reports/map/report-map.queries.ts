import type { EntityManager } from '@mikro-orm/postgresql';
import { demand } from '../../access/permissions.rules.ts';
import { parisTime } from '../../clock.ts';
import type { UnitOfWork } from '../../office/unit-of-work.ts';
import { Report, type ReportRow } from '../report.entity.ts';
import { CONCLUSIONS, stateAt } from '../report.rules.ts';
import { pointOf } from '../report-view.ts';

interface Feature<P> {
  type: 'Feature';
  id?: string;
  geometry: { type: 'Point'; coordinates: [number, number] };
  properties: P;
}

/** A GeoJSON collection of points (RFC 7946: longitude first, WGS 84). */
export interface ReportMap<P> {
  type: 'FeatureCollection';
  features: Feature<P>[];
}

export interface DeskPoint {
  /** The feature's id once more: map libraries drop one that is text (`promoteId`). */
  id: string;
  state: string;
  text: string;
  channel: string;
  category: string | null;
  seenAt: string;
  escalated: boolean;
  public: boolean;
}

export interface PublicPoint {
  category: string | null;
  seenAt: string;
}

const NEWEST = 2_000;

/** The newest 2,000 reports that have a point and are neither duplicates nor useless, for the map of the desk. */
export async function deskMap({ em, actor, clock }: UnitOfWork): Promise<ReportMap<DeskPoint>> {
  demand(actor, 'readReports');
  const now = clock.now();
  const rows = await em.find(
    Report,
    { lon: { $ne: null }, state: { $in: ['NEW', 'CLAIMED', ...CONCLUSIONS] } },
    { orderBy: { submittedAt: 'desc', id: 'desc' }, limit: NEWEST, refresh: true },
  );
  return collection(rows, 6, true, (row) => ({
    id: row.id,
    state: stateAt(row, now),
    text: row.text,
    channel: row.channel,
    category: row.category ?? null,
    seenAt: parisTime(row.seenAt),
    escalated: row.escalated,
    public: row.markedPublic,
  }));
}

/**
 * The reports that everybody may see: confirmed reports that staff marked public, by position, category and time alone, the newest
 * 2,000. Positions are rounded to three decimals (about 100 m), because where somebody stood may be where they live.
 */
export async function publicMap(em: EntityManager): Promise<ReportMap<PublicPoint>> {
  const rows = await em.find(
    Report,
    { markedPublic: true, state: 'CONFIRMED' },
    { orderBy: { seenAt: 'desc', id: 'desc' }, limit: NEWEST, refresh: true },
  );
  return collection(rows, 3, false, (row) => ({ category: row.category ?? null, seenAt: parisTime(row.seenAt) }));
}

function collection<P>(
  rows: readonly ReportRow[],
  decimals: number,
  named: boolean,
  properties: (row: ReportRow) => P,
): ReportMap<P> {
  const round = (degrees: number) => Number(degrees.toFixed(decimals));
  const features = rows.flatMap((row): Feature<P>[] => {
    const point = pointOf(row);
    if (!point) return [];
    const [lon, lat] = point.coordinates;
    const geometry = { type: 'Point' as const, coordinates: [round(lon), round(lat)] as [number, number] };
    return [{ type: 'Feature', ...(named ? { id: row.id } : {}), geometry, properties: properties(row) }];
  });
  return { type: 'FeatureCollection', features };
}
