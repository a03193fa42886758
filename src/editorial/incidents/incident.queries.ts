import type { EntityManager } from '@mikro-orm/postgresql';
import { permitsEverywhere } from '../../access/permissions.rules.ts';
import { invalidInput } from '../../errors.ts';
import type { UnitOfWork } from '../../office/unit-of-work.ts';
import { demandFirst, type Page, type PageRequest } from '../../paging/page.rules.ts';
import { newestFirst, type RowCondition, sqlPage } from '../../paging/sql-list.queries.ts';
import { isUuid } from '../../uuid.ts';
import { Incident, type IncidentRow } from './incident.entity.ts';

type Reader = Pick<UnitOfWork, 'em' | 'actor'>;

const NEWEST = newestFirst('incident', 'opened_at');

/** The public hears of an incident by its first publication that is no exercise and no test; staff choose among all. */
const NAMED_IN_PUBLIC: RowCondition = {
  sql: `exists (select 1 from publication p where p.incident_id = incident.id and p.mode = 'ACTUAL')`,
  values: [],
};

const seenBy = ({ actor }: Reader): RowCondition[] => (permitsEverywhere(actor, 'dossiers') ? [] : [NAMED_IN_PUBLIC]);

/** A page of incidents, the newest first. INVALID_INPUT for a page size or a cursor that cannot be. */
export async function incidentsPage(reader: Reader, request: PageRequest): Promise<Page<IncidentRow>> {
  demandFirst(request.first);
  return sqlPage(reader.em, NEWEST, seenBy(reader), request, (ids) => byIds(reader.em, ids));
}

/** How an incident is named: by its id or by its slug. */
export interface IncidentName {
  id?: string | null;
  slug?: string | null;
}

/** One incident, or null where the reader knows none of that name. INVALID_INPUT unless exactly one name is given. */
export async function incidentNamed(reader: Reader, { id, slug }: IncidentName): Promise<IncidentRow | null> {
  demandOneName({ id, slug });
  if (isGiven(id) && !isUuid(id ?? '')) return null;
  const name: RowCondition = isGiven(id) ? { sql: 'id = ?::uuid', values: [id] } : { sql: 'slug = ?', values: [slug] };
  const only = await sqlPage(reader.em, NEWEST, [...seenBy(reader), name], { first: 1 }, (ids) =>
    byIds(reader.em, ids),
  );
  return only.nodes[0] ?? null;
}

/** INVALID_INPUT unless exactly one name is given. */
export function demandOneName({ id, slug }: IncidentName): void {
  if (isGiven(id) === isGiven(slug))
    throw invalidInput([{ path: 'id', message: 'must be given where `slug` is not, and not beside it' }]);
}

const isGiven = (name: string | null | undefined): boolean => name !== null && name !== undefined;

const byIds = (em: EntityManager, ids: string[]): Promise<IncidentRow[]> => em.find(Incident, { id: { $in: ids } });
