import type { EntityManager } from '@mikro-orm/postgresql';
import { v5 as uuidOf } from 'uuid';
import { type MatchedChange, matchedChange } from '../../../board/filter/change-filter.rules.ts';
import { departedBy } from '../../../board/filter/departed.rules.ts';
import type { Clock } from '../../../clock.ts';
import { sqlIn } from '../../../database/sql-in.ts';
import { type Journal, pageAfter } from '../../../journal/journal.ts';
import type { PublicDocument } from '../../../publications/document.ts';
import type { Departed } from '../../../publications/ending/departed.rules.ts';
import { gravity, KINDS } from '../../../publications/vocabulary.ts';
import type { Territory } from '../../../territory/territory.ts';
import { Webhook, type WebhookRow } from '../webhook.entity.ts';
import { changeBody, eventType } from './payload.rules.ts';

/** Where the messages of entries are made from. */
export interface EnqueueSource {
  journal: Journal<PublicDocument>;
  territory: Territory;
  clock: Clock;
  /** Base of permalinks, without a trailing slash. */
  publicUrl: string;
}

const PAGE = 100;

/** Whether there is any webhook: without one there is nothing to enqueue and nothing to send. */
export const hasWebhooks = async (em: EntityManager): Promise<boolean> =>
  (await sqlIn(em)('select 1 from webhook limit 1')).length > 0;

/**
 * Enqueues the next entries for one webhook that is behind and whose owner is not disabled, and moves its position past them, in one transaction: a hub that
 * dies leaves both or neither. Passes over a webhook that another hub works on. Answers whether there was one to work on.
 */
export async function enqueueNext(em: EntityManager, source: EnqueueSource): Promise<boolean> {
  const { position: head } = source.journal.tail.head;
  return em.transactional(async (opened) => {
    const inside = opened as EntityManager;
    const [behind] = await sqlIn(inside)<{ id: string }>(
      `select w.id from webhook w join account o on o.id = w.owner_id
       where w.paused is null and o.disabled_at is null and w.position < ?
       order by w.position limit 1 for update of w skip locked`,
      [head],
    );
    if (!behind) return false;
    const webhook = await inside.findOneOrFail(Webhook, { id: behind.id }, { refresh: true });
    const page = await pageAfter(source.journal, webhook.position, PAGE);
    const filter = filterOf(webhook);
    for (const entry of page) {
      const change = matchedChange(filter, entry);
      if (change) await enqueue(inside, webhook, change, { ...source, departed: departedBy(filter, change) });
    }
    const last = page.at(-1);
    if (last) webhook.position = last.position;
    return last !== undefined;
  });
}

const filterOf = ({ kinds, communes, severityAtLeast, modes }: WebhookRow) => ({
  modes: new Set(modes),
  kinds: new Set(kinds ?? KINDS),
  least: severityAtLeast ? gravity(severityAtLeast) : 0,
  ...(communes ? { communes: new Set(communes) } : {}),
});

/** The id follows from entry and webhook, so that the receiver knows a message that is sent once more, even years later. */
async function enqueue(
  em: EntityManager,
  webhook: WebhookRow,
  change: MatchedChange,
  source: EnqueueSource & { departed: Departed | undefined },
) {
  const { entry } = change;
  const now = source.clock.now();
  const body = changeBody(change, {
    territory: source.territory,
    publicUrl: source.publicUrl,
    epoch: source.journal.tail.head.epoch,
    networks: webhook.networks,
    language: webhook.language,
    now,
    departed: source.departed,
  });
  const at = now.toISOString();
  await sqlIn(em)(
    `insert into webhook_delivery (id, webhook_id, position, type, publication, body, state, attempts, created_at, due_at)
     values (?, ?, ?, ?, ?, ?, 'PENDING', 0, ?, ?)
     on conflict (id) do update set state = 'PENDING', attempts = 0, due_at = excluded.due_at, ended_at = null
       where webhook_delivery.state <> 'PENDING'`,
    [uuidOf(entry.id, webhook.id), webhook.id, entry.position, eventType(entry), entry.subject, body, at, at],
  );
}
