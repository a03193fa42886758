import type { EntityManager } from '@mikro-orm/postgresql';
import { LockMode } from '@mikro-orm/postgresql';
import type { Actor } from '../access/actor.ts';
import { demand } from '../access/permissions.rules.ts';
import { instant, parisTime, parisTimeIf } from '../clock.ts';
import { sqlIn } from '../database/sql-in.ts';
import { present } from '../office/present.rules.ts';
import { demandFirst, type Page, type PageRequest } from '../paging/page.rules.ts';
import { byName, sqlPage } from '../paging/sql-list.queries.ts';
import type { WatchedCap } from './reading/cap-message.ts';
import { referencesIn } from './references.rules.ts';
import { FeedOrigin, Watcher, type WatcherRow } from './watcher.entity.ts';

/** A watcher as staff read it. */
export interface WatcherView {
  id: string;
  version: number;
  name: string;
  url: string;
  keywords: string[];
  /** INSEE codes. */
  communes: string[];
  trustedSenders: string[];
  everyMinutes: number;
  active: boolean;
  lookedAt: string | null;
  fault: string | null;
  reports: number;
}

/** Where a report of channel FEED comes from, as the desk reads it. */
export interface OriginView {
  watcher: string | null;
  feedUrl: string;
  feedTitle: string | null;
  reference: string;
  publishedAt: string | null;
  msgType: string | null;
  status: string | null;
  scope: string | null;
  references: string[];
  firstReportId: string | null;
  replacesReportId: string | null;
  replacedByReportId: string | null;
}

const BY_NAME = byName('watcher');

/** A page of watchers, by name. For staff. INVALID_INPUT for a page size or a cursor that cannot be. */
export async function watchersPage(
  em: EntityManager,
  actor: Actor | null,
  request: PageRequest,
): Promise<Page<WatcherView>> {
  demand(actor, 'readWatchers');
  demandFirst(request.first);
  return sqlPage(em, BY_NAME, [], request, (ids) => watcherViews(em, ids));
}

/** Watchers by their ids, in no order. The caller has checked the actor's permission. */
export const watcherViews = async (em: EntityManager, ids: readonly string[]): Promise<WatcherView[]> =>
  viewsOf(em, await em.find(Watcher, { id: { $in: [...ids] } }, { refresh: true }));

/** One watcher, which exists. The caller has checked the actor's permission. */
export async function watcherView(em: EntityManager, id: string): Promise<WatcherView> {
  const [view] = await viewsOf(em, [await em.findOneOrFail(Watcher, { id }, { refresh: true })]);
  return present(view, 'watcher', id);
}

async function viewsOf(em: EntityManager, rows: readonly WatcherRow[]): Promise<WatcherView[]> {
  const counts = await sqlIn(em)<{ id: string; count: number }>(
    'select watcher_id as id, count(*)::int as count from feed_origin where watcher_id is not null group by 1',
    [],
  );
  const reports = new Map(counts.map(({ id, count }) => [id, count]));
  return rows.map((row) => viewOf(row, reports.get(row.id) ?? 0));
}

const viewOf = (row: WatcherRow, reports: number): WatcherView => ({
  id: row.id,
  version: row.version,
  name: row.name,
  url: row.url,
  keywords: row.keywords,
  communes: row.communes,
  trustedSenders: row.trustedSenders,
  everyMinutes: row.everyMinutes,
  active: row.active,
  lookedAt: parisTimeIf(row.lookedAt),
  fault: row.fault ?? null,
  reports,
});

/** Where reports come from, by their ids; those that no feed brought are left out. The caller has checked the actor's permission. */
export async function originsOf(
  em: EntityManager,
  reportIds: readonly string[],
): Promise<ReadonlyMap<string, OriginView>> {
  const rows = await sqlIn(em)<Omit<OriginView, 'references'> & { report: string; references: string | null }>(
    `select o.report_id as report, w.name as watcher, o.feed_url as "feedUrl", o.feed_title as "feedTitle", o.reference,
       o.published_at as "publishedAt", o.cap->>'msgType' as "msgType", o.cap->>'status' as status,
       o.cap->>'scope' as scope, o.cap->>'references' as references, o.first_id as "firstReportId",
       o.replaces_id as "replacesReportId", (select r.report_id from feed_origin r
         where r.thing = coalesce(o.thing, o.key) and r.replaces_id is not null and r.taken_at > o.taken_at
         order by r.taken_at desc limit 1) as "replacedByReportId"
     from feed_origin o left join watcher w on w.id = o.watcher_id where o.report_id in (?)`,
    [reportIds],
  );
  const inParis = (at: string | null) => (at === null ? null : parisTime(new Date(instant(at))));
  return new Map(
    rows.map(({ report, ...origin }) => [
      report,
      { ...origin, publishedAt: inParis(origin.publishedAt), references: referencesIn(origin.references) },
    ]),
  );
}

/**
 * The CAP message that a report was made of, and whether its sender is trusted today: by the watcher that brought it; by any once
 * that one is removed, if it was trusted then. Null where there is none. Holds
 * the report's origin until the caller's transaction ends, so that two who adopt it come one after the other.
 */
export async function messageOf(
  em: EntityManager,
  report: string,
): Promise<{ cap: WatchedCap; trusted: boolean } | null> {
  const origin = await em.findOne(FeedOrigin, { report }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  if (!origin?.cap) return null;
  const { cap, watcher } = origin;
  const [trust] = await sqlIn(em)<{ trusted: boolean }>(
    watcher
      ? 'select ? = any(trusted_senders) as trusted from watcher where id = ?'
      : 'select exists (select 1 from watcher where ? = any(trusted_senders)) and ? as trusted',
    [cap.sender, watcher ? watcher.id : origin.trusted],
  );
  return { cap, trusted: trust?.trusted ?? false };
}
