import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../../access/actor.ts';
import { demand, permitsWhereAsked } from '../../access/permissions.rules.ts';
import {
  ORGANISATION_IN_JSON,
  type OrganisationInJson,
  type OrganisationView,
  organisationFromJson,
} from '../../accounts/organisations/organisation.queries.ts';
import { parisTime } from '../../clock.ts';
import { listInJson } from '../../database/sql.ts';
import { sqlIn } from '../../database/sql-in.ts';
import { isWritableText } from '../../database/writable-text.rules.ts';
import { present } from '../../office/present.rules.ts';
import type { UnitOfWork } from '../../office/unit-of-work.ts';
import { demandFirst, type Page, type PageRequest } from '../../paging/page.rules.ts';
import { newestFirst, type RowCondition, sqlPage } from '../../paging/sql-list.queries.ts';
import type { AreaContent } from '../../publications/content/content.ts';
import type { Mode } from '../../publications/vocabulary.ts';
import { isUuid } from '../../uuid.ts';
import { demandOneName, type IncidentName } from './incident.queries.ts';
import type { IncidentLevel, IncidentState } from './incident.rules.ts';

type Reader = Pick<UnitOfWork, 'em' | 'actor'>;

/** Everything that the crisis cell sees of one incident, read by one statement: its parts cannot disagree. */
export interface IncidentFile {
  id: string;
  version: number;
  incident: { id: string; slug: string; title: string };
  state: IncidentState;
  level: IncidentLevel;
  mode: Mode;
  objectives: string[];
  perimeter: (AreaContent & { id: string }) | null;
  keywords: string[];
  channels: string[];
  participants: OrganisationView[];
  requestedBy: OrganisationView | null;
  /** Oldest first, as are the changes of the level. */
  periods: { from: string; to: string | null; openedFor: string | null; closedFor: string | null }[];
  levelChanges: { level: IncidentLevel; reason: string; setAt: string }[];
  leftRunning: string[];
}

/** An incident as PostgreSQL answers it. Moments are text that `Date` reads. */
type Row = Omit<IncidentFile, 'perimeter' | 'participants' | 'requestedBy'> & {
  perimeter: AreaContent | null;
  participants: OrganisationInJson[];
  requestedBy: OrganisationInJson | null;
};

const FILES = `
  select i.id, i.version, i.state, i.level, i.mode, i.objectives, i.perimeter, i.keywords, i.channels,
    i.left_running as "leftRunning",
    json_build_object('id', i.id, 'slug', i.slug, 'title', i.title) as incident,
    (select ${ORGANISATION_IN_JSON} from organisation o where o.id = i.requested_by_id) as "requestedBy",
    ${listInJson(
      ORGANISATION_IN_JSON,
      'o.name, o.id',
      'incident_participant x join organisation o on o.id = x.organisation_id where x.incident_id = i.id',
    )} as participants,
    ${listInJson(
      `json_build_object('from', x.opened_at, 'to', x.closed_at, 'openedFor', x.opened_for, 'closedFor', x.closed_for)`,
      'x.opened_at, x.id',
      'incident_period x where x.incident_id = i.id',
    )} as periods,
    ${listInJson(
      `json_build_object('level', x.level, 'reason', x.reason, 'setAt', x.at)`,
      'x.at, x.id',
      'incident_level_change x where x.incident_id = i.id',
    )} as "levelChanges"
  from incident i where i.id in (?)`;

/** Incidents by their ids, as they stand now; ids of nothing are left out. The caller has checked the actor's permission. */
export async function incidentFiles(em: EntityManager, ids: readonly string[]): Promise<Map<string, IncidentFile>> {
  const known = ids.filter(isUuid);
  if (known.length === 0) return new Map();
  const rows = await sqlIn(em)<Row>(FILES, [known]);
  return new Map(rows.map((row) => [row.id, fileOf(row)]));
}

/** An incident as a command of the same request left it. */
export const writtenIncident = async (em: EntityManager, id: string): Promise<IncidentFile> =>
  present((await incidentFiles(em, [id.toLowerCase()])).values().next().value, 'incident', id);

/** One incident, or null where there is none of that name. INVALID_INPUT unless exactly one name is given. */
export async function incidentFileNamed({ em, actor }: Reader, name: IncidentName): Promise<IncidentFile | null> {
  demand(actor, 'readIncidentFiles');
  demandOneName(name);
  const id = name.id ?? (await idOf(em, name.slug ?? ''));
  const file = id === null ? undefined : (await incidentFiles(em, [id])).values().next().value;
  return file && (await isKnownTo(em, actor, file.id)) ? file : null;
}

const TAKES_PART = `exists (select 1 from incident_participant x join account a on a.organisation_id = x.organisation_id
  where x.incident_id = incident.id and a.id = ?)`;

/** Among the rows of `incident`, those of which an actor may know: all, but for a SIGNATORY those in which their organisation takes part. */
const knownTo = (actor: Actor): RowCondition[] =>
  permitsWhereAsked(actor, 'readIncidentFiles') ? [{ sql: TAKES_PART, values: [actor.id] }] : [];

async function isKnownTo(em: EntityManager, actor: Actor, id: string): Promise<boolean> {
  const conditions = knownTo(actor);
  if (conditions.length === 0) return true;
  const where = [{ sql: 'id = ?', values: [id] }, ...conditions];
  const sql = `select 1 from incident where ${where.map((one) => one.sql).join(' and ')}`;
  const values = where.flatMap((one) => one.values);
  return (await sqlIn(em)(sql, values)).length > 0;
}

async function idOf(em: EntityManager, slug: string): Promise<string | null> {
  if (!isWritableText(slug)) return null;
  const [row] = await sqlIn(em)<{ id: string }>('select id from incident where slug = ?', [slug]);
  return row?.id ?? null;
}

const NEWEST = newestFirst('incident', 'opened_at');

/** A page of incidents, the newest first: all, or those of one state. INVALID_INPUT for a page that cannot be. */
export async function incidentFilesPage(
  { em, actor }: Reader,
  { state, ...request }: PageRequest & { state?: IncidentState | null },
): Promise<Page<IncidentFile>> {
  demand(actor, 'readIncidentFiles');
  demandFirst(request.first);
  const conditions = [...(state ? [{ sql: 'state = ?', values: [state] }] : []), ...knownTo(actor)];
  return sqlPage(em, NEWEST, conditions, request, async (ids) => [...(await incidentFiles(em, ids)).values()]);
}

function fileOf(row: Row): IncidentFile {
  const { perimeter, requestedBy } = row;
  return {
    ...row,
    perimeter: perimeter && { ...perimeter, id: `${row.id}.perimeter` },
    requestedBy: requestedBy && organisationFromJson(requestedBy),
    participants: row.participants.map(organisationFromJson),
    periods: row.periods.map((one) => ({ ...one, from: inParis(one.from), to: one.to && inParis(one.to) })),
    levelChanges: row.levelChanges.map((one) => ({ ...one, setAt: inParis(one.setAt) })),
  };
}

const inParis = (text: string): string => parisTime(new Date(text));
