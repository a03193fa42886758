import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { Actor } from '../../access/actor.ts';
import { type Action, demand } from '../../access/permissions.rules.ts';
import { ChangeFilter } from '../../board/filter/change-filter.types.ts';
import type { PublicReads } from '../../board/public-reads.ts';
import type { Context } from '../../graphql/context.ts';
import { PayloadMutation, REMOVED } from '../../graphql/payload.types.ts';
import { CursorScalar, PageCursorScalar } from '../../graphql/scalars.ts';
import { encodeCursor } from '../../journal/cursor.rules.ts';
import { startingPosition } from '../../journal/starting-position.ts';
import { AFTER, firstUpTo } from '../../paging/connection.types.ts';
import type { Page } from '../../paging/page.rules.ts';
import { CommuneType } from '../../territory/commune.types.ts';
import type { Commune } from '../../territory/territory.ts';
import { CheckedTarget, type WebhookTargets } from './target.ts';
import type { WebhookSignature } from './vocabulary.ts';
import { addWebhook, type Issued, removeWebhook, reviseWebhook } from './webhook.commands.ts';
import { type WebhookView, webhooksPage, webhookView } from './webhook.queries.ts';
import { WebhookConnectionType, WebhookInput, WebhookSignatureEnum, WebhookType } from './webhook.types.ts';
import { pauseWebhook, resumeWebhook, rotateWebhookKey } from './webhook-life.commands.ts';
import type { WebhookOffice } from './webhook-work.ts';

const ID_ARG = { description: 'The id of the webhook.' };
const VERSION = { description: 'The version that you saw.' };
const INPUT = { description: 'The address, and what its messages contain.' };
const WHERE = { nullable: true, description: 'Which changes are sent; null: all in mode ACTUAL.' };
const SIGNATURE = { description: 'How messages are signed.', defaultValue: 'HMAC' };
const WEBHOOK = { webhook: { type: () => WebhookType, description: 'The webhook as it then stood.' } };
const ISSUED = {
  ...WEBHOOK,
  key: {
    type: () => String,
    description:
      'The key to verify messages with: `whsec_…` for HMAC, which is shown here and never again; `whpk_…` for Ed25519.',
  },
};

interface WebhookPayload {
  webhook: () => Promise<WebhookView>;
}

interface IssuedPayload extends WebhookPayload {
  key: string;
}

@Resolver(() => WebhookType)
export class WebhookResolver {
  constructor(
    private readonly office: WebhookOffice,
    private readonly reads: PublicReads,
    private readonly targets: WebhookTargets,
  ) {}

  @Query(() => WebhookConnectionType, {
    nullable: true,
    description: 'The webhooks, by name: all of them for an ADMIN, its own for a SCHEDULER.',
  })
  webhooks(
    @Ctx() { actor }: Context,
    @Arg('first', () => Int, firstUpTo()) first: number,
    @Arg('after', () => PageCursorScalar, AFTER) after: string | null,
  ): Promise<Page<WebhookView>> {
    return webhooksPage(this.office.read(), actor, { first, after }, this.office.now);
  }

  @PayloadMutation(ISSUED, {
    description:
      'Adds an address that every change is sent to from now on. For an ADMIN or a SCHEDULER, who then owns it.',
  })
  async addWebhook(
    @Ctx() { actor }: Context,
    @Arg('input', () => WebhookInput, INPUT) input: WebhookInput,
    @Arg('where', () => ChangeFilter, WHERE) where: ChangeFilter | null,
    @Arg('signature', () => WebhookSignatureEnum, SIGNATURE) signature: WebhookSignature,
  ): Promise<IssuedPayload> {
    const target = await this.checked(actor, 'addWebhook', input.url);
    const wish = { input, where, target, signature };
    return this.issued(await this.office.run(actor, { action: 'addWebhook' }, (work) => addWebhook(work, wish)));
  }

  @PayloadMutation(WEBHOOK, {
    description:
      'Replaces the settings of a webhook; messages that wait go to the new address. CONFLICT where somebody else saved it first. For its owner or an ADMIN.',
  })
  async reviseWebhook(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('input', () => WebhookInput, INPUT) input: WebhookInput,
    @Arg('where', () => ChangeFilter, WHERE) where: ChangeFilter | null,
  ): Promise<WebhookPayload> {
    const target = await this.checked(actor, 'reviseWebhook', input.url);
    const change = { id, version, input, where, target };
    await this.office.run(actor, { action: 'reviseWebhook', subject: id }, (work) => reviseWebhook(work, change));
    return this.payload(id);
  }

  @PayloadMutation(REMOVED, {
    description: 'Removes a webhook with its log. For its owner or an ADMIN.',
  })
  async removeWebhook(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
  ): Promise<{ removedId: string }> {
    const deed = { action: 'removeWebhook', subject: id } as const;
    const removed = await this.office.run(actor, deed, (work) => removeWebhook(work, { id, version }));
    return { removedId: removed.id };
  }

  @PayloadMutation(WEBHOOK, {
    description:
      'Sends nothing to a webhook until it is resumed; messages that wait are given up. For its owner or an ADMIN.',
  })
  async pauseWebhook(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
  ): Promise<WebhookPayload> {
    const deed = { action: 'pauseWebhook', subject: id } as const;
    await this.office.run(actor, deed, (work) => pauseWebhook(work, { id, version }));
    return this.payload(id);
  }

  @PayloadMutation(WEBHOOK, {
    description:
      'Sends to a webhook again, from now on or from a cursor; changes after that cursor which were sent already are sent again, under the same ids. RESYNC_REQUIRED for a cursor that cannot be continued. For its owner or an ADMIN.',
  })
  async resumeWebhook(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('after', () => CursorScalar, {
      nullable: true,
      description:
        'The last change that need not be sent, such as Webhook.cursor; null: only what happens from now on is sent.',
    })
    after: string | null,
  ): Promise<WebhookPayload> {
    const deed = { action: 'resumeWebhook', subject: id } as const;
    const from = after === null ? null : () => startingPosition(this.reads.journal, after);
    await this.office.run(actor, deed, (work) => resumeWebhook(work, { id, version, from }));
    return this.payload(id);
  }

  @PayloadMutation(ISSUED, {
    description:
      'Makes a new key, which signs from now on. The earlier keys sign beside it until the overlap ends. For its owner or an ADMIN.',
  })
  async rotateWebhookKey(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('signature', () => WebhookSignatureEnum, SIGNATURE) signature: WebhookSignature,
    @Arg('overlapHours', () => Int, {
      defaultValue: 24,
      description: '0 to 168 hours; 0 ends the earlier keys at once.',
    })
    overlapHours: number,
  ): Promise<IssuedPayload> {
    const rotation = { id, version, signature, overlapHours };
    const deed = { action: 'rotateWebhookKey', subject: id } as const;
    return this.issued(await this.office.run(actor, deed, (work) => rotateWebhookKey(work, rotation)));
  }

  @FieldResolver(() => [CommuneType], {
    nullable: true,
    description: 'The communes whose changes are sent; null: everywhere.',
  })
  communes(@Root() { communes }: WebhookView): Commune[] | null {
    return communes && this.reads.territory.communesOf(communes);
  }

  @FieldResolver(() => CursorScalar, {
    description:
      'Every change up to here has its message. While the webhook is paused: nothing up to here waits, so resume after it.',
  })
  cursor(@Root() { position }: WebhookView): string {
    return encodeCursor({ epoch: this.reads.journal.tail.head.epoch, position });
  }

  private payload(id: string): WebhookPayload {
    return { webhook: () => webhookView(this.office.read(), id, this.office.now) };
  }

  private issued({ id, key }: Issued): IssuedPayload {
    return { ...this.payload(id), key };
  }

  /** Asks the network for nobody who may not do this. */
  private checked(actor: Actor | null, action: Action, url: string): Promise<CheckedTarget> {
    demand(actor, action);
    return CheckedTarget.check(url, this.targets);
  }
}
