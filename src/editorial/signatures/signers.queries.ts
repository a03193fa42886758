import type { EntityManager } from '@mikro-orm/postgresql';
import type { OrganisationKind } from '../../access/organisations/organisation.rules.ts';
import { OWN_ISSUERS } from '../../access/own-issuers.rules.ts';
import { PERMISSIONS } from '../../access/permissions.rules.ts';
import { sqlIn } from '../../database/sql-in.ts';
import type { SignatureNeed } from './needs.rules.ts';

/** How many people may sign, by the kind of their organisation. */
export type Signers = ReadonlyMap<OrganisationKind, number>;

/**
 * How many people could approve something today. Where roles come with tokens, PostgreSQL does not know who may: an account
 * without roles counts.
 */
export async function signersByKind(em: EntityManager): Promise<Signers> {
  const rows = await sqlIn(em)<{ kind: OrganisationKind; people: number }>(
    `select o.kind, count(*)::int as people from account a join organisation o on o.id = a.organisation_id
     where a.disabled_at is null and a.issuer not in (?) and (a.roles is null or a.roles && ?::text[]) group by 1`,
    [OWN_ISSUERS, `{${PERMISSIONS.approveDossier.join(',')}}`],
  );
  return new Map(rows.map(({ kind, people }) => [kind, people]));
}

/** The needs that all people together who may sign could not meet. */
export const needsOutOfReach = (needs: readonly SignatureNeed[], signers: Signers): SignatureNeed[] =>
  needs.filter(({ anyOf, count }) => anyOf.reduce((sum, kind) => sum + (signers.get(kind) ?? 0), 0) < count);
