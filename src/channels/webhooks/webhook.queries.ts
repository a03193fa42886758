import type { EntityManager } from '@mikro-orm/postgresql';
import type { AccountRow } from '../../access/account.entity.ts';
import type { Actor } from '../../access/actor.ts';
import { demand } from '../../access/permissions.rules.ts';
import { parisTime, parisTimeIf } from '../../clock.ts';
import { sqlIn } from '../../database/sql-in.ts';
import { present } from '../../office/present.rules.ts';
import { demandFirst, type Page, type PageRequest } from '../../paging/page.rules.ts';
import { byName, sqlPage } from '../../paging/sql-list.queries.ts';
import type { Mode, PublicationKind, Severity } from '../../publications/vocabulary.ts';
import type { SocialNetwork } from '../social/fitting/networks.ts';
import type { WebhookPause, WebhookSignature } from './vocabulary.ts';
import { Webhook, WebhookKey, type WebhookRow } from './webhook.entity.ts';

/** The account that added a webhook. */
interface Account {
  id: string;
  name: string;
}

/** A key as it may be seen: never the secret. */
export interface KeyView {
  id: string;
  signature: WebhookSignature;
  publicKey: string | null;
  createdAt: string;
  expiresAt: string | null;
}

export interface WebhookView {
  id: string;
  version: number;
  owner: Account;
  name: string;
  url: string;
  kinds: PublicationKind[] | null;
  /** INSEE codes. */
  communes: string[] | null;
  severityAtLeast: Severity | null;
  modes: Mode[];
  networks: SocialNetwork[];
  language: string;
  position: number;
  paused: WebhookPause | null;
  pausedAt: string | null;
  failingSince: string | null;
  pending: number;
  keys: KeyView[];
}

const BY_NAME = byName('webhook');

/**
 * A page of the webhooks that somebody may see, by name: all for an ADMIN, for a SCHEDULER its own. INVALID_INPUT for a page
 * size or a cursor that cannot be.
 */
export async function webhooksPage(
  em: EntityManager,
  actor: Actor | null,
  request: PageRequest,
  now: Date,
): Promise<Page<WebhookView>> {
  demand(actor, 'readWebhooks');
  demandFirst(request.first);
  const own = actor.roles.includes('ADMIN') ? [] : [{ sql: 'owner_id = ?', values: [actor.id] }];
  const options = { populate: ['owner'], refresh: true } as const;
  return sqlPage(em, BY_NAME, own, request, async (ids) =>
    viewsOf(em, await em.find(Webhook, { id: { $in: ids } }, options), now),
  );
}

/** One webhook, which exists. The caller has checked the actor's permission. */
export async function webhookView(em: EntityManager, id: string, now: Date): Promise<WebhookView> {
  const row = await em.findOneOrFail(Webhook, { id }, { populate: ['owner'], refresh: true });
  const [view] = await viewsOf(em, [row], now);
  return present(view, 'webhook', id);
}

/** Why and since when nothing is sent. The owner's account comes first: while it is disabled, nothing else can be mended. */
function pauseOf({
  paused,
  pausedAt,
  owner,
}: WebhookRow & { owner: AccountRow }): Pick<WebhookView, 'paused' | 'pausedAt'> {
  if (owner.disabledAt) return { paused: 'OWNER_DISABLED', pausedAt: parisTime(owner.disabledAt) };
  return { paused: paused ?? null, pausedAt: parisTimeIf(pausedAt) };
}

async function viewsOf(
  em: EntityManager,
  rows: readonly (WebhookRow & { owner: AccountRow })[],
  now: Date,
): Promise<WebhookView[]> {
  const ids = rows.map(({ id }) => id);
  const keys = await em.find(
    WebhookKey,
    { webhook: { $in: ids }, $or: [{ expiresAt: null }, { expiresAt: { $gt: now } }] },
    // The secret is not even read.
    {
      fields: ['webhook', 'signature', 'publicKey', 'createdAt', 'expiresAt'],
      orderBy: { createdAt: 'desc', id: 'desc' },
    },
  );
  const counts = await sqlIn(em)<{ id: string; count: number }>(
    `select webhook_id as id, count(*)::int as count from webhook_delivery where state = 'PENDING' group by 1`,
  );
  const pending = new Map(counts.map(({ id, count }) => [id, count]));
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    name: row.name,
    url: row.url,
    modes: row.modes,
    networks: row.networks,
    language: row.language,
    position: row.position,
    owner: { id: row.owner.id, name: row.owner.name },
    kinds: row.kinds ?? null,
    communes: row.communes ?? null,
    severityAtLeast: row.severityAtLeast ?? null,
    ...pauseOf(row),
    failingSince: parisTimeIf(row.failingSince),
    pending: pending.get(row.id) ?? 0,
    keys: keys
      .filter(({ webhook }) => webhook.id === row.id)
      .map(({ id, signature, publicKey, createdAt, expiresAt }) => ({
        id,
        signature,
        publicKey: publicKey ?? null,
        createdAt: parisTime(createdAt),
        expiresAt: parisTimeIf(expiresAt),
      })),
  }));
}
