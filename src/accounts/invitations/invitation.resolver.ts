import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { v7 as uuid } from 'uuid';
import type { AccountOwner } from '../../access/account.queries.ts';
import { AccountType, StaffRoleEnum } from '../../access/account.types.ts';
import type { Actor, Role } from '../../access/actor.ts';
import type { Context } from '../../graphql/context.ts';
import { type Batch, batchById } from '../../graphql/loaders.ts';
import { PayloadMutation } from '../../graphql/payload.types.ts';
import { PageCursorScalar } from '../../graphql/scalars.ts';
import type { Office } from '../../office/office.ts';
import { AFTER, firstUpTo } from '../../paging/connection.types.ts';
import type { Page } from '../../paging/page.rules.ts';
import { type AccountView, accountIdOf, accountView } from '../account-views.queries.ts';
import { type OrganisationView, organisationViews } from '../organisations/organisation.queries.ts';
import { OrganisationType } from '../organisations/organisation.types.ts';
import { acceptInvitation, approveInvitation, inviteAccount, withdrawInvitation } from './invitation.commands.ts';
import { type InvitationView, invitationsPage, invitationView } from './invitation.queries.ts';
import { InvitationConnectionType, InvitationType } from './invitation.types.ts';

const ID_ARG = { description: 'The id of the invitation.' };
const VERSION = { description: 'The version that you saw.' };
const INVITATION = { invitation: { type: () => InvitationType, description: 'The invitation as it then stood.' } };
const INVITED = {
  ...INVITATION,
  secret: {
    type: () => String,
    description:
      'Hand it to the person whom you invite, by a way that nobody else reads: shown here and never again, also not for the same Idempotency-Key.',
  },
};
const ACCEPTED = { account: { type: () => AccountType, description: 'Your account as it then stood.' } };

interface InvitationPayload {
  invitation: () => Promise<InvitationView>;
}

/** A request may be of somebody with a good token and no roles: it holds no actor then. */
interface AcceptingContext extends Context {
  readonly uninvited?: { readonly person: AccountOwner };
}

@Resolver(() => InvitationType)
export class InvitationResolver {
  readonly #organisation: Batch<string, OrganisationView | null>;

  constructor(private readonly office: Office) {
    this.#organisation = batchById((ids) => organisationViews(office.read(), ids));
  }

  @Query(() => InvitationConnectionType, {
    nullable: true,
    description: 'All invitations, the newest first. For an ADMIN.',
  })
  invitations(
    @Ctx() { actor }: Context,
    @Arg('first', () => Int, firstUpTo()) first: number,
    @Arg('after', () => PageCursorScalar, AFTER) after: string | null,
  ): Promise<Page<InvitationView>> {
    return invitationsPage(this.office.read(), actor, { first, after }, this.office.now);
  }

  @PayloadMutation(INVITED, {
    description:
      'Invites somebody for seven days: who accepts it first has the roles. VALIDATOR, SIGNATORY, DUTY_OFFICER and ADMIN wait for a second ADMIN, who approves the invitation. For an ADMIN.',
  })
  async inviteAccount(
    @Ctx() { actor }: Context,
    @Arg('name', () => String, { description: 'By which administrators will know whom they invited.' }) name: string,
    @Arg('roles', () => [StaffRoleEnum], { description: 'The roles that it gives, one at least.' }) roles: Role[],
    @Arg('organisation', () => ID, {
      nullable: true,
      description:
        'The id of the organisation to which the account is to belong; without it the account stays where it is, and a new one comes to the Département.',
    })
    organisation: string | null,
  ): Promise<InvitationPayload & { secret: string }> {
    const deed = { action: 'inviteAccount' } as const;
    const { id, secret } = await this.office.run(actor, deed, (work) =>
      inviteAccount(work, { name, roles, organisation }),
    );
    return { ...this.#payload(id), secret };
  }

  @PayloadMutation(INVITATION, {
    description:
      'Approves an invitation of another ADMIN to VALIDATOR, SIGNATORY, DUTY_OFFICER or ADMIN. For an ADMIN.',
  })
  async approveInvitation(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
  ): Promise<InvitationPayload> {
    const deed = { action: 'approveInvitation', subject: id } as const;
    await this.office.run(actor, deed, (work) => approveInvitation(work, { id, version }));
    return this.#payload(id);
  }

  @PayloadMutation(INVITATION, {
    description: 'Takes back an invitation that nobody has accepted. For an ADMIN.',
  })
  async withdrawInvitation(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
  ): Promise<InvitationPayload> {
    const deed = { action: 'withdrawInvitation', subject: id } as const;
    await this.office.run(actor, deed, (work) => withdrawInvitation(work, { id, version }));
    return this.#payload(id);
  }

  @PayloadMutation(ACCEPTED, {
    description:
      'Accepts an invitation with the token in use, whose person has its roles from then on, beside those that they had. The one thing that somebody may do to whom nobody has given a role, by POST.',
  })
  async acceptInvitation(
    @Ctx() { actor, uninvited }: AcceptingContext,
    @Arg('secret', () => String, { description: 'As inviteAccount answered it.' }) secret: string,
  ): Promise<{ account: () => Promise<AccountView> }> {
    const person = uninvited?.person ?? null;
    const by = person ? await this.#accountToBe(person) : actor;
    const deed = { action: 'acceptInvitation', ...(by ? { subject: by.id } : {}) } as const;
    const { id } = await this.office.run(by, deed, (work) => acceptInvitation(work, { person, secret }));
    return { account: () => accountView(this.office.read(), id) };
  }

  @FieldResolver(() => OrganisationType, {
    nullable: true,
    description:
      'To which the account then belongs; null where it stays where it is, or a new one comes to the Département.',
  })
  organisation(
    @Root() { organisationId }: InvitationView,
    @Ctx() { load }: Context,
  ): Promise<OrganisationView | null> | null {
    return organisationId === null ? null : load(this.#organisation).load(organisationId);
  }

  /** The account that a person has, or is to have under an id that is new. */
  async #accountToBe(person: AccountOwner): Promise<Actor> {
    const id = (await accountIdOf(this.office.read(), person)) ?? uuid();
    return { id, name: person.name, roles: [] };
  }

  #payload(id: string): InvitationPayload {
    return { invitation: () => invitationView(this.office.read(), id, this.office.now) };
  }
}
