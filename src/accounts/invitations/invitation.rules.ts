import { isGuarded } from '../role.rules.ts';
import type { InvitationRow } from './invitation.entity.ts';

export const INVITATION_STATES = ['UNAPPROVED', 'READY', 'ACCEPTED', 'WITHDRAWN', 'EXPIRED'] as const;
export type InvitationState = (typeof INVITATION_STATES)[number];

/** Whether a second ADMIN has to approve it still; the machine's own need none. */
export const lacksApproval = ({
  roles,
  invitedBy,
  approvedBy,
}: Pick<InvitationRow, 'roles' | 'invitedBy' | 'approvedBy'>): boolean =>
  Boolean(invitedBy) && !approvedBy && roles.some(isGuarded);

export function stateOf(invitation: InvitationRow, now: Date): InvitationState {
  if (invitation.withdrawnAt) return 'WITHDRAWN';
  if (invitation.acceptedAt) return 'ACCEPTED';
  if (invitation.expiresAt <= now) return 'EXPIRED';
  return lacksApproval(invitation) ? 'UNAPPROVED' : 'READY';
}
