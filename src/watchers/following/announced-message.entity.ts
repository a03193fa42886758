import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { WatchedCap } from '../reading/cap-message.ts';
import { Watcher } from '../watcher.entity.ts';

/**
 * The CAP message to which an item of a watched feed leads, as it was read, so that it is never fetched again; or that there
 * is none; or why it cannot be fetched. Kept as long as the item stands in the feed.
 */
export const AnnouncedMessage = defineEntity({
  name: 'AnnouncedMessage',
  tableName: 'announced_message',
  properties: {
    watcher: () => p.manyToOne(Watcher).primary().deleteRule('cascade'),
    /** The addresses to which the item leads, as a digest. */
    key: p.text().primary(),
    /** The address that was read. */
    url: p.text(),
    /** The item's own words, as a digest, and their date, when the message was fetched: others may announce another message. */
    words: p.text(),
    saidAt: p.datetime(3).nullable(),
    cap: p.json<WatchedCap>().nullable(),
    /** The length of the message as it was fetched. */
    bytes: p.integer(),
    etag: p.text().nullable(),
    lastModified: p.text().nullable(),
    /** In French: what could not be read of the message, or why it could not be fetched. */
    faults: p.array(),
    /** Fetches that went wrong since the last that went well. */
    failures: p.integer(),
    failingSince: p.datetime(3).nullable(),
    /** When the message may be fetched again after it could not be. */
    dueAt: p.datetime(3).nullable(),
  },
});
export type AnnouncedMessageRow = InferEntity<typeof AnnouncedMessage>;
