import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor, Role } from '../../access/actor.ts';
import { demand } from '../../access/permissions.rules.ts';
import { parisTime, parisTimeIf } from '../../clock.ts';
import { present } from '../../office/present.rules.ts';
import { demandFirst, type Page, type PageRequest } from '../../paging/page.rules.ts';
import { newestFirst, sqlPage } from '../../paging/sql-list.queries.ts';
import type { AccountView } from '../account-views.queries.ts';
import { Invitation } from './invitation.entity.ts';
import { type InvitationState, stateOf } from './invitation.rules.ts';

export interface InvitationView {
  id: string;
  version: number;
  name: string;
  roles: Role[];
  state: InvitationState;
  invitedBy: AccountView | null;
  invitedAt: string;
  expiresAt: string;
  approvedBy: AccountView | null;
  approvedAt: string | null;
  withdrawnBy: AccountView | null;
  withdrawnAt: string | null;
  acceptedBy: AccountView | null;
  acceptedAt: string | null;
  /** The organisation into which it puts its account; null for none. */
  organisationId: string | null;
}

const NEWEST_FIRST = newestFirst('invitation', 'invited_at');
const PEOPLE = ['invitedBy', 'approvedBy', 'withdrawnBy', 'acceptedBy'] as const;

/** A page of all invitations, the newest first. INVALID_INPUT for a page size or a cursor that cannot be. */
export async function invitationsPage(
  em: EntityManager,
  actor: Actor | null,
  request: PageRequest,
  now: Date,
): Promise<Page<InvitationView>> {
  demand(actor, 'readInvitations');
  demandFirst(request.first);
  return sqlPage(em, NEWEST_FIRST, [], request, (ids) => viewsOf(em, ids, now));
}

/** One invitation, which exists. The caller has checked the actor's permission. */
export async function invitationView(em: EntityManager, id: string, now: Date): Promise<InvitationView> {
  const [view] = await viewsOf(em, [id], now);
  return present(view, 'invitation', id);
}

async function viewsOf(em: EntityManager, ids: readonly string[], now: Date): Promise<InvitationView[]> {
  const rows = await em.find(Invitation, { id: { $in: [...ids] } }, { populate: PEOPLE, refresh: true });
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    name: row.name,
    roles: row.roles,
    state: stateOf(row, now),
    invitedBy: row.invitedBy ?? null,
    invitedAt: parisTime(row.invitedAt),
    expiresAt: parisTime(row.expiresAt),
    approvedBy: row.approvedBy ?? null,
    approvedAt: parisTimeIf(row.approvedAt),
    withdrawnBy: row.withdrawnBy ?? null,
    withdrawnAt: parisTimeIf(row.withdrawnAt),
    acceptedBy: row.acceptedBy ?? null,
    acceptedAt: parisTimeIf(row.acceptedAt),
    organisationId: row.organisation?.id ?? null,
  }));
}
