import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { AccountType } from '../../access/account.types.ts';
import type { DirectNumber, OrganisationKind } from '../../access/organisations/organisation.rules.ts';
import { OrganisationKindEnum } from '../../access/organisations/organisation.types.ts';
import { permits } from '../../access/permissions.rules.ts';
import type { Context } from '../../graphql/context.ts';
import { type Batch, batchById } from '../../graphql/loaders.ts';
import { PayloadMutation } from '../../graphql/payload.types.ts';
import { PageCursorScalar } from '../../graphql/scalars.ts';
import type { Office } from '../../office/office.ts';
import { AFTER, firstUpTo } from '../../paging/connection.types.ts';
import type { Page } from '../../paging/page.rules.ts';
import { type AccountView, accountView } from '../account-views.queries.ts';
import {
  closeOrganisation,
  createOrganisation,
  moveAccount,
  renameOrganisation,
  setDirectNumbers,
} from './organisation.commands.ts';
import { directNumbersOf, type OrganisationView, organisationsPage, organisationView } from './organisation.queries.ts';
import {
  DirectNumberInput,
  DirectNumberType,
  OrganisationConnectionType,
  OrganisationType,
} from './organisation.types.ts';

const ID_ARG = { description: 'The id of the organisation.' };
const VERSION = { description: 'The version that you saw.' };
const NAME = {
  description: 'Its whole name, at most 200 characters, which the public reads; no other open one has it.',
};
const SHORT_NAME = { description: 'Its name where there is little room, at most 40 characters.' };
const ORGANISATION = {
  organisation: { type: () => OrganisationType, description: 'The organisation as it then stood.' },
};
const ACCOUNT = { account: { type: () => AccountType, description: 'The account as it then stood.' } };

interface OrganisationPayload {
  organisation: () => Promise<OrganisationView>;
}

@Resolver(() => OrganisationType)
export class OrganisationResolver {
  readonly #numbers: Batch<string, readonly DirectNumber[] | null>;

  constructor(private readonly office: Office) {
    this.#numbers = batchById((ids) => directNumbersOf(office.read(), ids));
  }

  @Query(() => OrganisationConnectionType, {
    nullable: true,
    description: 'All organisations, by name, the closed ones too. For staff and an ADMIN.',
  })
  organisations(
    @Ctx() { actor }: Context,
    @Arg('first', () => Int, firstUpTo()) first: number,
    @Arg('after', () => PageCursorScalar, AFTER) after: string | null,
  ): Promise<Page<OrganisationView>> {
    return organisationsPage(this.office.read(), actor, { first, after });
  }

  @PayloadMutation(ORGANISATION, { description: 'Adds an organisation to which accounts may belong. For an ADMIN.' })
  async createOrganisation(
    @Ctx() { actor }: Context,
    @Arg('kind', () => OrganisationKindEnum, { description: 'Its kind, which never changes.' }) kind: OrganisationKind,
    @Arg('name', () => String, NAME) name: string,
    @Arg('shortName', () => String, SHORT_NAME) shortName: string,
  ): Promise<OrganisationPayload> {
    const deed = { action: 'createOrganisation' } as const;
    const input = { kind, name, shortName };
    const { id } = await this.office.run(actor, deed, (work) => createOrganisation(work, input));
    return this.#payload(id);
  }

  @PayloadMutation(ORGANISATION, {
    description:
      'Gives an organisation other names from now on; what it published and signed keeps the name of its moment. For an ADMIN.',
  })
  async renameOrganisation(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('name', () => String, NAME) name: string,
    @Arg('shortName', () => String, SHORT_NAME) shortName: string,
  ): Promise<OrganisationPayload> {
    const deed = { action: 'renameOrganisation', subject: id } as const;
    const input = { id, version, name, shortName };
    const changed = await this.office.run(actor, deed, (work) => renameOrganisation(work, input));
    return this.#payload(changed.id);
  }

  @PayloadMutation(ORGANISATION, {
    description:
      'Closes an organisation for good. WRONG_STAGE while accounts belong to it that are not disabled; that of the Département never closes. For an ADMIN.',
  })
  async closeOrganisation(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
  ): Promise<OrganisationPayload> {
    const deed = { action: 'closeOrganisation', subject: id } as const;
    const changed = await this.office.run(actor, deed, (work) => closeOrganisation(work, { id, version }));
    return this.#payload(changed.id);
  }

  @PayloadMutation(ORGANISATION, {
    description:
      'Writes down at which numbers staff reach an organisation directly: the whole of them. The first one of an SDIS is given with a flash. For an ADMIN.',
  })
  async setDirectNumbers(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('numbers', () => [DirectNumberInput], { description: 'At most 10, the first one to be called first.' })
    numbers: DirectNumberInput[],
  ): Promise<OrganisationPayload> {
    const deed = { action: 'setDirectNumbers', subject: id } as const;
    const changed = await this.office.run(actor, deed, (work) => setDirectNumbers(work, { id, version, numbers }));
    return this.#payload(changed.id);
  }

  @FieldResolver(() => [DirectNumberType], {
    nullable: true,
    description:
      'The numbers at which it is reached directly, the first one to be called first; null for viewers who are neither staff nor an ADMIN.',
  })
  async directNumbers(
    @Ctx() { actor, load }: Context,
    @Root() { id }: OrganisationView,
  ): Promise<readonly DirectNumber[] | null> {
    return permits(actor, 'readDirectNumbers') ? load(this.#numbers).load(id) : null;
  }

  @PayloadMutation(ACCOUNT, {
    description:
      'Puts an account into another organisation; what it approved before stays with the one of that moment. For an ADMIN, and not for their own account.',
  })
  async moveAccount(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, { description: 'The id of the account.' }) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('organisation', () => ID, { description: 'The id of an organisation that is open.' }) organisation: string,
  ): Promise<{ account: () => Promise<AccountView> }> {
    const deed = { action: 'moveAccount', subject: id } as const;
    const moved = await this.office.run(actor, deed, (work) => moveAccount(work, { id, version, organisation }));
    return { account: () => accountView(this.office.read(), moved.id) };
  }

  #payload(id: string): OrganisationPayload {
    return { organisation: () => organisationView(this.office.read(), id) };
  }
}
