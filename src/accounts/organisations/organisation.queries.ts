import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../../access/actor.ts';
import { Organisation, type OrganisationRow } from '../../access/organisations/organisation.entity.ts';
import type { DirectNumber, NamedOrganisation } from '../../access/organisations/organisation.rules.ts';
import { demand } from '../../access/permissions.rules.ts';
import { parisTimeIf } from '../../clock.ts';
import { present } from '../../office/present.rules.ts';
import { demandFirst, type Page, type PageRequest } from '../../paging/page.rules.ts';
import { byName, sqlPage } from '../../paging/sql-list.queries.ts';

/** An organisation as the desk sees it now. */
export interface OrganisationView extends NamedOrganisation {
  id: string;
  version: number;
  endedAt: string | null;
}

const BY_NAME = byName('organisation');

/** A page of all organisations, by name. INVALID_INPUT for a page size or a cursor that cannot be. */
export async function organisationsPage(
  em: EntityManager,
  actor: Actor | null,
  request: PageRequest,
): Promise<Page<OrganisationView>> {
  demand(actor, 'readOrganisations');
  demandFirst(request.first);
  return sqlPage(em, BY_NAME, [], request, async (ids) => [...(await organisationViews(em, ids)).values()]);
}

/** Organisations by their ids, as they stand now. */
export async function organisationViews(
  em: EntityManager,
  ids: readonly string[],
): Promise<ReadonlyMap<string, OrganisationView>> {
  const rows = await em.find(Organisation, { id: { $in: [...ids] } }, { refresh: true });
  return new Map(rows.map((row) => [row.id, readOrganisation(row)]));
}

/** The direct numbers of organisations, by their ids. The caller has checked the actor's permission. */
export async function directNumbersOf(
  em: EntityManager,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly DirectNumber[]>> {
  const rows = await em.find(Organisation, { id: { $in: [...ids] } }, { refresh: true });
  return new Map(rows.map(({ id, directNumbers }) => [id, directNumbers ?? []]));
}

/** One organisation, which exists. The caller has checked the actor's permission. */
export async function organisationView(em: EntityManager, id: string): Promise<OrganisationView> {
  return readOrganisation(present(await em.findOne(Organisation, { id }, { refresh: true }), 'organisation', id));
}

/** An organisation that was read. */
export const readOrganisation = ({
  id,
  version,
  kind,
  name,
  shortName,
  endedAt,
}: Pick<OrganisationRow, 'id' | 'version' | 'kind' | 'name' | 'shortName' | 'endedAt'>): OrganisationView => ({
  id,
  version,
  kind,
  name,
  shortName,
  endedAt: parisTimeIf(endedAt),
});

/** The SQL of an organisation `o`, to be read by `organisationFromJson`. */
export const ORGANISATION_IN_JSON = `json_build_object('id', o.id, 'version', o.version, 'kind', o.kind, 'name', o.name,
  'shortName', o.short_name, 'endedAt', o.ended_at)`;

/** An organisation as PostgreSQL answers it in JSON: its end is text that `Date` reads. */
export type OrganisationInJson = Omit<OrganisationView, 'endedAt'> & { endedAt: string | null };

export const organisationFromJson = (row: OrganisationInJson): OrganisationView =>
  readOrganisation({ ...row, endedAt: row.endedAt === null ? null : new Date(row.endedAt) });
