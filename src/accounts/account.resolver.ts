import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { AccountType, StaffRoleEnum } from '../access/account.types.ts';
import type { Actor, Role } from '../access/actor.ts';
import { permits } from '../access/permissions.rules.ts';
import type { Context } from '../graphql/context.ts';
import { type Batch, batchById } from '../graphql/loaders.ts';
import { PayloadMutation } from '../graphql/payload.types.ts';
import { PageCursorScalar } from '../graphql/scalars.ts';
import type { Office } from '../office/office.ts';
import { AFTER, firstUpTo } from '../paging/connection.types.ts';
import type { Page } from '../paging/page.rules.ts';
import { disableAccount } from './account.commands.ts';
import {
  type AccountView,
  type Administration,
  accountsPage,
  accountView,
  administrations,
} from './account-views.queries.ts';
import { AccountConnectionType, AdministrationType } from './administration.types.ts';
import { enableAccount } from './role.commands.ts';

const ID_ARG = { description: 'The id of the account.' };
const VERSION = { description: 'The version that you saw.' };
const ACCOUNT = { account: { type: () => AccountType, description: 'The account as it then stood.' } };

interface AccountPayload {
  account: () => Promise<AccountView>;
}

@Resolver(() => AccountType)
export class AccountResolver {
  readonly #administration: Batch<string, Administration | null>;

  constructor(private readonly office: Office) {
    this.#administration = batchById((ids) => administrations(office.read(), ids));
  }

  @Query(() => AccountType, {
    nullable: true,
    description: 'The account that the token stands for; null without a token.',
  })
  viewer(@Ctx() { actor }: { actor: Actor | null }): Actor | null {
    return actor;
  }

  @Query(() => AccountConnectionType, { nullable: true, description: 'All accounts, by name. For an ADMIN.' })
  accounts(
    @Ctx() { actor }: Context,
    @Arg('first', () => Int, firstUpTo()) first: number,
    @Arg('after', () => PageCursorScalar, AFTER) after: string | null,
  ): Promise<Page<AccountView>> {
    return accountsPage(this.office.read(), actor, { first, after });
  }

  @PayloadMutation(ACCOUNT, {
    description:
      'Shuts an account out: within a second every hub ends its WebSockets and streams, and answers its tokens with UNAUTHENTICATED. For an ADMIN, and not for their own account.',
  })
  async disableAccount(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
  ): Promise<AccountPayload> {
    const deed = { action: 'disableAccount', subject: id } as const;
    await this.office.run(actor, deed, (work) => disableAccount(work, { id, version }));
    return this.#payload(id);
  }

  @PayloadMutation(ACCOUNT, {
    description:
      'Lets an account in again that was disabled. VALIDATOR, SIGNATORY, DUTY_OFFICER and ADMIN come back once a second ADMIN approves them. For an ADMIN.',
  })
  async enableAccount(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
  ): Promise<AccountPayload> {
    const deed = { action: 'enableAccount', subject: id } as const;
    await this.office.run(actor, deed, (work) => enableAccount(work, { id, version }));
    return this.#payload(id);
  }

  @FieldResolver(() => [StaffRoleEnum], {
    description: 'The roles by which you act; empty for every account but your own.',
  })
  roles(@Root() { id }: { id: string }, @Ctx() { actor }: { actor: Actor | null }): readonly Role[] {
    return actor?.id === id ? actor.roles : [];
  }

  @FieldResolver(() => AdministrationType, {
    nullable: true,
    description: 'What administrators see of the account; null for everybody else.',
  })
  administration(@Root() { id }: AccountView, @Ctx() { actor, load }: Context): Promise<Administration | null> | null {
    return permits(actor, 'readAccounts') ? load(this.#administration).load(id) : null;
  }

  #payload(id: string): AccountPayload {
    return { account: () => accountView(this.office.read(), id) };
  }
}
