import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql';
import { AccountType } from '../../access/account.types.ts';
import { parisTime } from '../../clock.ts';
import type { Context } from '../../graphql/context.ts';
import { PayloadMutation } from '../../graphql/payload.types.ts';
import { DateTimeScalar, PageCursorScalar } from '../../graphql/scalars.ts';
import type { Office } from '../../office/office.ts';
import { AFTER, firstUpTo } from '../../paging/connection.types.ts';
import type { Page } from '../../paging/page.rules.ts';
import { type AccountView, accountView } from '../account-views.queries.ts';
import { openSealedKey, withdrawSealedKey } from './sealed-key.commands.ts';
import { SealedKeyConnectionType, SealedKeyType } from './sealed-key.types.ts';
import { type SealedKeyView, sealedKeysPage, sealedKeyView } from './sealed-key-views.queries.ts';

const SEALED_KEY = { sealedKey: { type: () => SealedKeyType, description: 'The sealed key as it then stood.' } };
const OPENED = {
  account: { type: () => AccountType, description: 'The account of the session.' },
  secret: {
    type: () => String,
    description:
      'The token of the session, `tocsin_…`: shown here and never again. Send it as `Authorization: Bearer tocsin_…`.',
  },
  expiresAt: { type: () => DateTimeScalar, description: 'When the session ends.' },
};

interface OpenedPayload {
  account: () => Promise<AccountView>;
  secret: string;
  expiresAt: string;
}

@Resolver()
export class SealedKeyResolver {
  constructor(private readonly office: Office) {}

  @Query(() => SealedKeyConnectionType, {
    nullable: true,
    description: 'The sealed keys, the newest first: who opened which, and when. For an ADMIN.',
  })
  sealedKeys(
    @Ctx() { actor }: Context,
    @Arg('first', () => Int, firstUpTo()) first: number,
    @Arg('after', () => PageCursorScalar, AFTER) after: string | null,
  ): Promise<Page<SealedKeyView>> {
    return sealedKeysPage(this.office.read(), actor, { first, after });
  }

  @PayloadMutation(OPENED, {
    description:
      'Opens a sealed key, which is sent in place of a token: a session of 8 hours as EDITOR and DUTY_OFFICER, without any issuer. Once; the log of every hub, the metrics and every ADMIN learn of it. The answer is never kept under an Idempotency-Key.',
  })
  async openSealedKey(
    @Ctx() { actor }: Context,
    @Arg('name', () => String, { description: 'Who opens it, as the desk will read it.' }) name: string,
  ): Promise<OpenedPayload> {
    const deed = { action: 'openSealedKey' } as const;
    const { accountId, secret, expiresAt } = await this.office.run(actor, deed, (work) =>
      openSealedKey(work, { name }),
    );
    const account = () => accountView(this.office.read(), accountId);
    return { account, secret, expiresAt: parisTime(expiresAt) };
  }

  @PayloadMutation(SEALED_KEY, {
    description:
      'Makes a sealed key worthless, or ends the session that it opened, within a second on every hub. For an ADMIN.',
  })
  async withdrawSealedKey(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, { description: 'The id of the sealed key.' }) id: string,
    @Arg('version', () => Int, { description: 'The version that you saw.' }) version: number,
  ): Promise<{ sealedKey: () => Promise<SealedKeyView> }> {
    const deed = { action: 'withdrawSealedKey', subject: id } as const;
    await this.office.run(actor, deed, (work) => withdrawSealedKey(work, { id, version }));
    return { sealedKey: () => sealedKeyView(this.office.read(), id) };
  }
}
