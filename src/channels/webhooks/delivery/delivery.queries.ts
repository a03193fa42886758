import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import type { Actor } from '../../../access/actor.ts';
import { demand } from '../../../access/permissions.rules.ts';
import { parisTime, parisTimeIf } from '../../../clock.ts';
import { sqlIn } from '../../../database/sql-in.ts';
import { notFound } from '../../../office/lock.queries.ts';
import { present } from '../../../office/present.rules.ts';
import { ID_PART, Keyset } from '../../../paging/keyset.rules.ts';
import { demandFirst, type Page, type PageRequest } from '../../../paging/page.rules.ts';
import { oneOf, type SqlList, sqlPage } from '../../../paging/sql-list.queries.ts';
import { isUuid } from '../../../uuid.ts';
import type { DeliveryState } from '../vocabulary.ts';
import { type DeliveryRow, Webhook, WebhookDelivery } from '../webhook.entity.ts';

export interface DeliveryView {
  id: string;
  type: string;
  publicationId: string | null;
  position: number | null;
  state: DeliveryState;
  attempts: number;
  createdAt: string;
  /** When it is tried next; null unless it waits. */
  dueAt: string | null;
  attemptedAt: string | null;
  endedAt: string | null;
  status: number | null;
  fault: string | null;
}

export interface DeliverySearch extends PageRequest {
  webhookId: string;
  states?: readonly DeliveryState[] | null;
}

/**
 * The log of a webhook, newest message first. NOT_FOUND for one that is not there, or is another SCHEDULER's; INVALID_INPUT
 * for a page size or a cursor that cannot be.
 */
export async function deliveriesPage(
  em: EntityManager,
  actor: Actor | null,
  { webhookId, states, ...request }: DeliverySearch,
): Promise<Page<DeliveryView>> {
  demand(actor, 'readWebhooks');
  demandFirst(request.first);
  const own = actor.roles.includes('ADMIN') ? {} : { owner: actor.id };
  const webhook = isUuid(webhookId) ? await em.findOne(Webhook, { id: webhookId, ...own }) : null;
  if (!webhook) throw notFound('webhook', webhookId);
  const conditions = [{ sql: 'webhook_id = ?', values: [webhookId] }, ...(states ? [oneOf('state', states)] : [])];
  return sqlPage(em, LOGGED, conditions, request, (ids) => deliveryViews(em, ids));
}

/** One delivery, which exists. The caller has checked the actor's permission. */
export async function deliveryView(em: EntityManager, id: string): Promise<DeliveryView> {
  const [view] = await deliveryViews(em, [id]);
  return present(view, 'delivery', id);
}

async function deliveryViews(em: EntityManager, ids: readonly string[]): Promise<DeliveryView[]> {
  const rows = await em.find(WebhookDelivery, { id: { $in: [...ids] } }, { exclude: ['body'], refresh: true });
  return rows.map(viewOf);
}

interface LoggedRow {
  id: string;
  createdAt: string | Date;
  position: string | null;
}

const LOGGED: SqlList<LoggedRow, [createdAt: string, position: number, id: string]> = {
  keys: new Keyset(z.tuple([z.iso.datetime(), z.int().min(0), ID_PART])),
  select: 'id, created_at as "createdAt", position',
  from: 'webhook_delivery',
  key: [
    { sql: 'created_at', type: 'timestamptz' },
    { sql: 'coalesce(position, 0)', type: 'bigint' },
    { sql: 'id', type: 'uuid' },
  ],
  order: 'desc',
  keyOf: ({ createdAt, position, id }) => [new Date(createdAt).toISOString(), Number(position ?? 0), id],
};

type Logged = Pick<
  DeliveryRow,
  | 'id'
  | 'type'
  | 'publication'
  | 'position'
  | 'state'
  | 'attempts'
  | 'createdAt'
  | 'dueAt'
  | 'attemptedAt'
  | 'endedAt'
  | 'status'
  | 'fault'
>;

const viewOf = (row: Logged): DeliveryView => ({
  id: row.id,
  type: row.type,
  publicationId: row.publication ?? null,
  position: row.position ?? null,
  state: row.state,
  attempts: row.attempts,
  createdAt: parisTime(row.createdAt),
  dueAt: row.state === 'PENDING' ? parisTime(row.dueAt) : null,
  attemptedAt: parisTimeIf(row.attemptedAt),
  endedAt: parisTimeIf(row.endedAt),
  status: row.status ?? null,
  fault: row.fault ?? null,
});

/**
 * How many messages wait, how long the oldest of them does in seconds, and how many webhooks are paused. Messages of owners who
 * are disabled wait for nobody: they count as paused webhooks alone.
 */
export async function waitingDeliveries(
  em: EntityManager,
  now: Date,
): Promise<{ pending: number; oldestSeconds: number; paused: number }> {
  const [row] = await sqlIn(em)<{ pending: number; oldest: Date | string | null; paused: number }>(
    `select count(*)::int as pending, min(created_at) as oldest,
       (select count(*)::int from webhook w join account o on o.id = w.owner_id
        where w.paused is not null or o.disabled_at is not null) as paused
     from webhook_delivery d where d.state = 'PENDING' and not exists
       (select from webhook w join account o on o.id = w.owner_id where w.id = d.webhook_id and o.disabled_at is not null)`,
  );
  const { pending = 0, oldest = null, paused = 0 } = row ?? {};
  const seconds = oldest ? (now.getTime() - new Date(oldest).getTime()) / 1000 : 0;
  return { pending, oldestSeconds: Math.max(0, seconds), paused };
}
