import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql';
import type { Context } from '../../../graphql/context.ts';
import { PayloadMutation } from '../../../graphql/payload.types.ts';
import { PageCursorScalar } from '../../../graphql/scalars.ts';
import { AFTER, firstUpTo } from '../../../paging/connection.types.ts';
import type { Page } from '../../../paging/page.rules.ts';
import type { DeliveryState } from '../vocabulary.ts';
import type { WebhookOffice } from '../webhook-work.ts';
import { pingWebhook, replayDelivery } from './delivery.commands.ts';
import { type DeliveryView, deliveriesPage, deliveryView } from './delivery.queries.ts';
import { WebhookDeliveryConnectionType, WebhookDeliveryStateEnum, WebhookDeliveryType } from './delivery.types.ts';

const ID_ARG = { description: 'The id of the webhook.' };
const DELIVERY = { delivery: { type: () => WebhookDeliveryType, description: 'The message as it then stood.' } };

interface DeliveryPayload {
  delivery: () => Promise<DeliveryView>;
}

@Resolver()
export class WebhookDeliveryResolver {
  constructor(private readonly office: WebhookOffice) {}

  @Query(() => WebhookDeliveryConnectionType, {
    nullable: true,
    description:
      'The log of a webhook, newest message first, for as long as the journal is kept. For its owner or an ADMIN.',
  })
  webhookDeliveries(
    @Ctx() { actor }: Context,
    @Arg('webhookId', () => ID, ID_ARG) webhookId: string,
    @Arg('states', () => [WebhookDeliveryStateEnum], { nullable: true, description: 'Null: every state.' })
    states: DeliveryState[] | null,
    @Arg('first', () => Int, firstUpTo()) first: number,
    @Arg('after', () => PageCursorScalar, AFTER) after: string | null,
  ): Promise<Page<DeliveryView>> {
    return deliveriesPage(this.office.read(), actor, { webhookId, states, first, after });
  }

  @PayloadMutation(DELIVERY, {
    description:
      'Sends one empty message at once, ahead of those that wait, also to a paused webhook; the log shows the result. For its owner or an ADMIN.',
  })
  async pingWebhook(@Ctx() { actor }: Context, @Arg('id', () => ID, ID_ARG) id: string): Promise<DeliveryPayload> {
    const deed = { action: 'pingWebhook', subject: id } as const;
    const { delivery } = await this.office.run(actor, deed, (work) => pingWebhook(work, id));
    return this.payload(delivery);
  }

  @PayloadMutation(DELIVERY, {
    description:
      'Sends a message again under the same id, or at once where it still waits; later messages wait for it. For its owner or an ADMIN.',
  })
  async replayWebhookDelivery(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, { description: 'The id of the message.' }) id: string,
  ): Promise<DeliveryPayload> {
    const deed = { action: 'replayWebhookDelivery' } as const;
    const { delivery } = await this.office.run(actor, deed, (work) => replayDelivery(work, id));
    return this.payload(delivery);
  }

  private payload(id: string): DeliveryPayload {
    return { delivery: () => deliveryView(this.office.read(), id) };
  }
}
