import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { Account } from '../access/account.entity.ts';
import { Report } from '../reports/report.entity.ts';
import type { WatchedCap } from './reading/cap-message.ts';

/** A feed that the hub reads for the desk, the items wanted of it, and how the last look went. */
export const Watcher = defineEntity({
  name: 'Watcher',
  tableName: 'watcher',
  indexes: [{ name: 'watcher_due_index', properties: ['active', 'dueAt'] }],
  triggers: [
    {
      name: 'watcher_failing',
      timing: 'before',
      events: ['update'],
      forEach: 'row',
      expression:
        'create trigger watcher_failing before update on watcher for each row execute function watcher_failing()',
    },
    {
      name: 'watcher_ends_calls',
      timing: 'after',
      events: ['update'],
      forEach: 'row',
      expression:
        'create trigger watcher_ends_calls after update on watcher for each row execute function watcher_ends_calls()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    /** Grows with each mutation: the optimistic lock that clients hold. */
    version: p.integer(),
    name: p.text(),
    url: p.text(),
    keywords: p.array(),
    communes: p.array(),
    /** `sender`s of CAP messages whose words may be relayed as they are. */
    trustedSenders: p.array(),
    everyMinutes: p.integer(),
    active: p.boolean(),
    createdBy: () => p.manyToOne(Account),
    createdAt: p.datetime(3),
    dueAt: p.datetime(3),
    lookedAt: p.datetime(3).nullable(),
    etag: p.text().nullable(),
    lastModified: p.text().nullable(),
    /** In French; null where the last look went well. */
    fault: p.text().nullable(),
    /** Looks that went wrong since the last that went well. */
    failures: p.integer(),
    /** Since the first of these looks; PostgreSQL writes it. */
    failingSince: p.datetime(3).nullable(),
  },
});
export type WatcherRow = InferEntity<typeof Watcher>;

/**
 * The first time that a feed was read for a watcher, and what stood in it without a readable date. Nobody knows how old
 * those items are, so they make no reports; undated items that come later do.
 */
export const FirstReading = defineEntity({
  name: 'FirstReading',
  tableName: 'first_reading',
  properties: {
    watcher: () => p.oneToOne(Watcher).primary().owner().deleteRule('cascade'),
    /** A watcher whose address was changed reads another feed for the first time. */
    feedUrl: p.text(),
    /** Their names, and their states; see `keysOf`. */
    undated: p.array(),
    readAt: p.datetime(3),
  },
});

/** The origin of a report of channel FEED. One row for each state of a thing, so that no state is reported twice. */
export const FeedOrigin = defineEntity({
  name: 'FeedOrigin',
  tableName: 'feed_origin',
  indexes: [{ name: 'feed_origin_thing_index', properties: ['thing'] }],
  properties: {
    /** See `keyOf`; in rows written before states were known, the name of the thing. */
    key: p.text().primary(),
    /** The name of the thing; see `ItemNames`. Null in rows written before states were known. */
    thing: p.text().nullable(),
    /** The words that were reported, as a digest; null until they are known. */
    words: p.text().nullable(),
    /** Whether other words stood under the same name in the same feed. */
    standsTwice: p.boolean().default(false),
    /** Whether the watcher wanted what it says, not only what it changes. */
    wanted: p.boolean().default(true),
    /** Whether the watcher trusted the sender when it brought the message: this counts once the watcher is removed. */
    trusted: p.boolean().default(false),
    report: () => p.oneToOne(Report),
    watcher: () => p.manyToOne(Watcher).nullable(),
    feedUrl: p.text(),
    feedTitle: p.text().nullable(),
    /** The guid, id or link of the item; for CAP the triplet `sender,identifier,sent`. */
    reference: p.text(),
    /** The report of the first message to which this one refers, itself or by others; the first report of the same thing. */
    first: () => p.manyToOne(Report).nullable(),
    /** The report of the same message that a watcher brought which does not trust its sender. */
    replaces: () => p.manyToOne(Report).nullable(),
    publishedAt: p.datetime(3).nullable(),
    takenAt: p.datetime(3),
    /** The message as it was read, its words untouched; null for items of RSS and Atom. */
    cap: p.json<WatchedCap>().nullable(),
  },
});
