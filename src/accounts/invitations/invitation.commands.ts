import { LockMode } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import { Account, type AccountRow } from '../../access/account.entity.ts';
import { type AccountOwner, resolveAccount } from '../../access/account.queries.ts';
import { type Actor, ROLES, type Role } from '../../access/actor.ts';
import type { OrganisationRow } from '../../access/organisations/organisation.entity.ts';
import { type Action, demand } from '../../access/permissions.rules.ts';
import { HubError, readInput } from '../../errors.ts';
import { demandVersion, lockRow } from '../../office/lock.queries.ts';
import { accountOf, type UnitOfWork } from '../../office/unit-of-work.ts';
import { plainLine } from '../../publications/content/text/plain-text.ts';
import { changeAccount, type OneAccount } from '../account.commands.ts';
import { openOrganisation } from '../organisations/organisation.commands.ts';
import { inOrder } from '../role.rules.ts';
import { Invitation, type InvitationRow } from './invitation.entity.ts';
import { type InvitationState, stateOf } from './invitation.rules.ts';
import { invitationHash, newInvitationSecret } from './secret.rules.ts';

const wish = z.object({
  name: plainLine(200),
  roles: z.array(z.enum(ROLES)).min(1, 'must name a role').transform(inOrder),
});

export interface Invited {
  /** The invitation. */
  id: string;
  /** The invited person accepts it with this; shown here and never again. */
  secret: string;
}

interface Wish {
  name: string;
  roles: Role[];
  /** The organisation to which the account is to belong; null where it stays where it is, or a new one comes to the Département. */
  organisation?: OrganisationRow | null;
}

/** Invites somebody, in the name of an ADMIN. The holder of the secret gets the roles; a second ADMIN approves guarded ones first. */
export async function inviteAccount(
  work: UnitOfWork,
  { organisation, ...input }: { name: string; roles: readonly Role[]; organisation?: string | null },
): Promise<Invited> {
  demand(work.actor, 'inviteAccount');
  const read = readInput(wish, input);
  return writeInvitation(work, {
    ...read,
    organisation: organisation ? await openOrganisation(work.em, organisation) : null,
  });
}

/** Writes an invitation down; in nobody's name for the machine itself, whose invitations PostgreSQL takes while two ADMINs lack. */
export async function writeInvitation(
  work: Pick<UnitOfWork, 'em' | 'actor' | 'clock'>,
  { name, roles, organisation = null }: Wish,
): Promise<Invited> {
  const { em, actor, clock } = work;
  const [id, secret] = [uuid(), newInvitationSecret()];
  const now = clock.now();
  em.create(Invitation, {
    id,
    version: 1,
    name,
    roles,
    organisation,
    secretHash: invitationHash(secret),
    invitedBy: actor && accountOf(work, actor),
    // Both as PostgreSQL has them; it puts its own in their place.
    invitedAt: now,
    expiresAt: now,
  });
  await em.flush();
  return { id, secret };
}

/** Approves an invitation to VALIDATOR, SIGNATORY, DUTY_OFFICER or ADMIN, as a second ADMIN (I-29). */
export async function approveInvitation(work: UnitOfWork, which: OneAccount): Promise<{ id: string }> {
  const { invitation, actor } = await lockInvitation(work, 'approveInvitation', which);
  demandState(invitation, work.clock.now(), ['UNAPPROVED']);
  if (invitation.invitedBy?.id === actor.id)
    throw new HubError('FORBIDDEN', 'you gave this invitation: another ADMIN approves it');
  Object.assign(invitation, { approvedBy: accountOf(work, actor), version: invitation.version + 1 });
  await work.em.flush();
  return { id: invitation.id };
}

/** Takes an invitation back that nobody has accepted. */
export async function withdrawInvitation(work: UnitOfWork, which: OneAccount): Promise<{ id: string }> {
  const { invitation, actor } = await lockInvitation(work, 'withdrawInvitation', which);
  const now = work.clock.now();
  demandState(invitation, now, ['UNAPPROVED', 'READY']);
  const withdrawn = { withdrawnBy: accountOf(work, actor), withdrawnAt: now, version: invitation.version + 1 };
  Object.assign(invitation, withdrawn);
  await work.em.flush();
  return { id: invitation.id };
}

/** The secret of an invitation, and who has it. */
export interface Acceptance {
  /** Null for somebody who has come in by an account already. */
  person: AccountOwner | null;
  secret: string;
}

/**
 * Binds an invitation to a person, who has its roles from the commit on, beside those that their account had. The actor is
 * that account, which is made here where it is not there. NOT_FOUND for a secret that opens nothing.
 */
export async function acceptInvitation(work: UnitOfWork, { person, secret }: Acceptance): Promise<{ id: string }> {
  const { em, actor, clock } = work;
  if (!person) demand(actor, 'acceptInvitation');
  if (!actor) throw new Error('a person who accepts acts by the account that they are to have');
  const locked = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const;
  const invitation = await em.findOne(Invitation, { secretHash: invitationHash(secret) }, locked);
  if (!invitation) throw new HubError('NOT_FOUND', 'there is no such invitation');
  demandState(invitation, clock.now(), ['READY']);
  if (person) await openAccount(work, actor, person);
  // In this order: PostgreSQL gives guarded roles for an invitation that was accepted.
  Object.assign(invitation, {
    acceptedBy: accountOf(work, actor),
    acceptedAt: clock.now(),
    version: invitation.version + 1,
  });
  await em.flush();
  const account: AccountRow = await lockRow(em, { entity: Account, name: 'account' }, actor.id);
  const roles = inOrder([...(account.roles ?? []), ...invitation.roles]);
  return changeAccount(work, account, { roles, ...(await membership(work, invitation)) });
}

/** The organisation that an invitation puts its account into; nothing where it says none. */
async function membership(
  { em }: UnitOfWork,
  { organisation }: InvitationRow,
): Promise<Pick<AccountRow, 'organisation'> | null> {
  return organisation ? { organisation: await openOrganisation(em, organisation.id) } : null;
}

/** Makes the account that acts, where it is not there. CONFLICT where the person made another one at the same moment. */
async function openAccount({ em }: UnitOfWork, { id }: Actor, person: AccountOwner): Promise<void> {
  const account = await resolveAccount(em, person, null, id);
  if (account.id !== id)
    throw new HubError('CONFLICT', 'you are accepting another invitation at this moment: try again');
}

async function lockInvitation(
  { em, actor }: UnitOfWork,
  action: Action,
  { id, version }: OneAccount,
): Promise<{ invitation: InvitationRow; actor: Actor }> {
  demand(actor, action);
  const invitation: InvitationRow = await lockRow(em, { entity: Invitation, name: 'invitation' }, id);
  demandVersion(invitation, 'invitation', version);
  return { invitation, actor };
}

const WHY: Readonly<Record<InvitationState, string>> = {
  UNAPPROVED: 'waits for a second ADMIN, who approves it',
  READY: 'is open, and needs no approval',
  ACCEPTED: 'was accepted already',
  WITHDRAWN: 'was withdrawn',
  EXPIRED: 'ended seven days after it was given',
};

function demandState(invitation: InvitationRow, now: Date, expected: readonly InvitationState[]): void {
  const state = stateOf(invitation, now);
  if (!expected.includes(state)) throw new HubError('WRONG_STAGE', `this invitation ${WHY[state]}`);
}
