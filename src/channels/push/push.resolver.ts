import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { PublicReads } from '../../board/public-reads.ts';
import { HubError } from '../../errors.ts';
import type { Context } from '../../graphql/context.ts';
import { PayloadMutation, REMOVED } from '../../graphql/payload.types.ts';
import type { Office } from '../../office/office.ts';
import { CommuneType } from '../../territory/commune.types.ts';
import type { Commune } from '../../territory/territory.ts';
import { CheckedEndpoint } from './endpoint.ts';
import { confirmPush, removePush, savePush } from './push.commands.ts';
import { type PushView, pushView } from './push.queries.ts';
import { PushFollowerType, PushInput } from './push.types.ts';
import type { PushSettings, PushTargets } from './push-setting.ts';
import { readPushWish } from './push-wish.rules.ts';

/** A hub that pushes has this for it. */
export interface PushDesk {
  settings: PushSettings;
  targets: PushTargets;
  /** Has this hub's courier look for codes that are due. */
  wake(): void;
}

/** Of a request over HTTP: makes its address pay for one more subscription. */
interface SavingContext extends Context {
  readonly savesPush?: () => void;
}

const ID_ARG = { description: 'The id of the subscription.' };
const SUBSCRIPTION = {
  subscription: { type: () => PushFollowerType, description: 'The subscription as it then stood.' },
};
const SAVED = {
  ...SUBSCRIPTION,
  secret: {
    type: () => String,
    description: 'By which the app removes it: shown here and never again. Saving once more makes another one.',
  },
};

interface PushPayload {
  subscription: () => Promise<PushView>;
}

/** Anybody subscribes, without an account: these mutations are nobody's deed, and leave nothing in the audit log. */
@Resolver(() => PushFollowerType)
export class PushResolver {
  constructor(
    private readonly office: Pick<Office, 'read' | 'now'>,
    private readonly reads: Pick<PublicReads, 'territory' | 'inTurn'>,
    private readonly desk: PushDesk | undefined,
  ) {}

  @Query(() => String, {
    nullable: true,
    description:
      'The hub’s public key for Web Push (VAPID), as `applicationServerKey` of `pushManager.subscribe`; null where this hub pushes nothing. Where it is another one than before, subscribe anew.',
  })
  pushKey(): string | null {
    return this.desk?.settings.keys[0]?.id ?? null;
  }

  @PayloadMutation(SAVED, {
    description:
      'Has an app told by push while it is closed. Its first push brings a code for confirmPush, and nothing else comes before. The same endpoint once more replaces what it is told of, and renews it for 13 months. For anybody, without an account, by POST.',
  })
  async savePush(
    @Ctx() { savesPush }: SavingContext,
    @Arg('input', () => PushInput, { description: 'The subscription, and what it is told of.' }) input: PushInput,
  ): Promise<PushPayload & { secret: string }> {
    const { settings, targets, wake } = this.#demandDesk();
    if (!savesPush) throw new HubError('BAD_REQUEST', 'savePush is taken over HTTP alone: send it by POST to /graphql');
    savesPush();
    const { keys, seal } = settings;
    const wish = readPushWish(
      input,
      keys.map(({ id }) => id),
      this.reads.territory,
    );
    // Before the transaction: it asks the network.
    const endpoint = await CheckedEndpoint.check(input, targets);
    const { id, secret } = await this.reads.inTurn(() =>
      savePush(this.office.read(), endpoint, wish, { seal, now: this.office.now }),
    );
    wake();
    return { ...this.#payload(id), secret };
  }

  @PayloadMutation(SUBSCRIPTION, {
    description:
      'Confirms a subscription by the code of its first push, within ten minutes: from now on it is told what happens. For anybody who has the code.',
  })
  async confirmPush(
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('code', () => String, { description: 'As the first push brought it, in `tocsin.confirm.code`.' }) code: string,
  ): Promise<PushPayload> {
    const { seal } = this.#demandDesk().settings;
    await this.reads.inTurn(() => confirmPush(this.office.read(), { id, code }, { seal, now: this.office.now }));
    return this.#payload(id);
  }

  @PayloadMutation(REMOVED, {
    description: 'Removes a subscription for good, with all that is kept of it. For anybody who has its secret.',
  })
  async removePush(
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('secret', () => String, { description: 'As savePush answered it last.' }) secret: string,
  ): Promise<{ removedId: string }> {
    await this.reads.inTurn(() => removePush(this.office.read(), { id, secret }));
    return { removedId: id };
  }

  @FieldResolver(() => [CommuneType], {
    nullable: true,
    description: 'The communes that it is told of; null: everywhere.',
  })
  communes(@Root() { communes }: PushView): Commune[] | null {
    return communes && this.reads.territory.communesOf(communes);
  }

  #demandDesk(): PushDesk {
    if (!this.desk)
      throw new HubError('WRONG_STAGE', 'this hub pushes nothing: its operator sets TOCSIN_PUSH_KEY first');
    return this.desk;
  }

  #payload(id: string): PushPayload {
    return { subscription: () => this.reads.inTurn(() => pushView(this.office.read(), id)) };
  }
}
