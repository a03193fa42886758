import type { EntityManager } from '@mikro-orm/postgresql';
import { personIfInJson } from '../access/account.queries.ts';
import type { NamedOrganisation } from '../access/organisations/organisation.rules.ts';
import { demand } from '../access/permissions.rules.ts';
import {
  ORGANISATION_IN_JSON,
  type OrganisationInJson,
  type OrganisationView,
  organisationFromJson,
} from '../accounts/organisations/organisation.queries.ts';
import { sqlIn } from '../database/sql-in.ts';
import { present } from '../office/present.rules.ts';
import type { UnitOfWork } from '../office/unit-of-work.ts';
import type { Mode } from '../publications/vocabulary.ts';
import { isUuid } from '../uuid.ts';
import type { SituationContent, SituationParts, SituationReportState } from './situation-report.rules.ts';

/** A situation report as the desk reads it. The figures of a draft are counted when they are asked for. */
export interface SituationReportView {
  id: string;
  version: number;
  incident: { id: string; slug: string; title: string };
  mode: Mode;
  number: number;
  edition: number;
  state: SituationReportState;
  parts: SituationParts;
  /** The source of the toll, as it is called now; null without a toll. */
  tollSource: OrganisationView | null;
  /** All that it says, as text of JSON; null for a draft. */
  content: string | null;
  contentHash: string | null;
  frozenBy: { id: string; name: string } | null;
  /** To which that person belonged, as it was called then. */
  organisation: NamedOrganisation | null;
  replaces: string | null;
}

/** A situation report as PostgreSQL answers it. */
type Row = Omit<SituationReportView, 'tollSource'> & { tollSource: OrganisationInJson | null };

const VIEWS = `
  select r.id, r.version, json_build_object('id', i.id, 'slug', i.slug, 'title', i.title) as incident, i.mode, r.number,
    r.edition, r.state, r.parts, r.content, r.content_hash as "contentHash", ${personIfInJson('f')} as "frozenBy",
    r.organisation, r.replaces_id as replaces,
    (select ${ORGANISATION_IN_JSON} from organisation o where o.id = (r.parts->'toll'->>'source')::uuid) as "tollSource"
  from situation_report r join incident i on i.id = r.incident_id left join account f on f.id = r.frozen_by_id`;

async function viewsWhere(
  em: EntityManager,
  condition: string,
  values: readonly unknown[],
): Promise<SituationReportView[]> {
  const rows = await sqlIn(em)<Row>(`${VIEWS} where ${condition} order by r.number desc, r.edition desc`, values);
  return rows.map(({ tollSource, ...row }) => ({ ...row, tollSource: tollSource && organisationFromJson(tollSource) }));
}

/** Situation reports by their ids; ids of nothing are left out. The caller has checked the actor's permission. */
export async function situationReports(
  em: EntityManager,
  ids: readonly string[],
): Promise<Map<string, SituationReportView>> {
  const known = ids.filter(isUuid);
  const views = known.length === 0 ? [] : await viewsWhere(em, 'r.id in (?)', [known]);
  return new Map(views.map((view) => [view.id, view]));
}

/** Those of incidents, the last one first. The caller has checked the actor's permission. */
export async function situationReportsOf(
  em: EntityManager,
  incidents: readonly string[],
): Promise<Map<string, SituationReportView[]>> {
  const views = await viewsWhere(em, 'r.incident_id in (?)', [incidents]);
  return new Map(incidents.map((id) => [id, views.filter(({ incident }) => incident.id === id)]));
}

/** A situation report as a command of the same request left it. */
export const writtenSituationReport = async (em: EntityManager, id: string): Promise<SituationReportView> =>
  present((await situationReports(em, [id])).values().next().value, 'situation report', id);

/** How people name a situation report: the last edition of a number, where none is given. */
export interface SituationReportName {
  incident: string;
  number: number;
  edition?: number | null;
}

/** One situation report, or null where there is none of that name. */
export async function situationReportNamed(
  { em, actor }: Pick<UnitOfWork, 'em' | 'actor'>,
  { incident, number, edition = null }: SituationReportName,
): Promise<SituationReportView | null> {
  demand(actor, 'readSituationReports');
  if (!isUuid(incident)) return null;
  const [last] = await viewsWhere(
    em,
    'r.incident_id = ?::uuid and r.number = ? and r.edition = coalesce(?::int, r.edition)',
    [incident, number, edition],
  );
  return last ?? null;
}

/** All that a frozen situation report says; null for a draft. */
export const contentOf = ({ content }: SituationReportView): SituationContent | null =>
  content === null ? null : (JSON.parse(content) as SituationContent);
