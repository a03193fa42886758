import { Arg, Ctx, ID, Int, Resolver } from 'type-graphql';
import { AccountType, StaffRoleEnum } from '../access/account.types.ts';
import type { Role } from '../access/actor.ts';
import type { Context } from '../graphql/context.ts';
import { PayloadMutation } from '../graphql/payload.types.ts';
import type { Office } from '../office/office.ts';
import { type AccountView, accountView } from './account-views.queries.ts';
import { approveAccountRoles, changeAccountRoles } from './role.commands.ts';

const ID_ARG = { description: 'The id of the account.' };
const VERSION = { description: 'The version that you saw.' };
const ACCOUNT = { account: { type: () => AccountType, description: 'The account as it then stood.' } };

interface AccountPayload {
  account: () => Promise<AccountView>;
}

@Resolver()
export class RoleResolver {
  constructor(private readonly office: Office) {}

  @PayloadMutation(ACCOUNT, {
    description:
      'Gives an account these roles and no others. What is taken away goes at once: within a second every hub ends the account’s WebSockets and streams. VALIDATOR, SIGNATORY, DUTY_OFFICER and ADMIN that it had not wait for a second ADMIN, in place of what waited before. For an ADMIN, and not for their own account.',
  })
  async changeAccountRoles(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('roles', () => [StaffRoleEnum], { description: 'All roles that it is to have; none lets it in no more.' })
    roles: Role[],
  ): Promise<AccountPayload> {
    const deed = { action: 'changeAccountRoles', subject: id } as const;
    await this.office.run(actor, deed, (work) => changeAccountRoles(work, { id, version, roles }));
    return this.#payload(id);
  }

  @PayloadMutation(ACCOUNT, {
    description: 'Gives the roles that another ADMIN asked for. For an ADMIN, and not for their own account.',
  })
  async approveAccountRoles(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
  ): Promise<AccountPayload> {
    const deed = { action: 'approveAccountRoles', subject: id } as const;
    await this.office.run(actor, deed, (work) => approveAccountRoles(work, { id, version }));
    return this.#payload(id);
  }

  #payload(id: string): AccountPayload {
    return { account: () => accountView(this.office.read(), id) };
  }
}
