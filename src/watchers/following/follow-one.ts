import type { Targets } from '../../outgoing/checked-connection.ts';
import { FeedFault } from '../reading/feed-fault.ts';
import { fetchFeed, type Validators } from '../reading/fetch-feed.ts';
import { readLinkedMessage } from '../reading/linked-message.ts';
import { retryAt } from '../retry.rules.ts';
import type { Followed } from './kept-messages.commands.ts';
import type { Lead } from './leads.rules.ts';

/** A message is one of many: it may take less than a feed. */
const LIMITS = { bytes: 1_000_000, ms: 10_000 };

export interface Journey {
  targets: Targets;
  signal: AbortSignal;
  now: Date;
  everyMinutes: number;
}

/** A lead to follow: `isSure` where a message must stand there, `kept` as it was found last. */
export interface Errand {
  lead: Lead;
  isSure: boolean;
  kept: Followed | undefined;
  /** Since when the host of a mere address cannot be asked whether messages stand there. */
  hostFailingSince: Date | null;
}

/** The answer at the end of a lead. A FAULT says nothing about it, and may pass. */
export type Answer = 'MESSAGE' | 'PAGE' | 'NOTHING' | 'FAULT';

/**
 * Fetches the message of a lead, at the first of its addresses where one stands. A mere address leads to none where a page stands
 * there, or nothing; any other failure is kept with its reason, to be tried again.
 */
export async function followOne(errand: Errand, journey: Journey): Promise<{ answer: Answer; followed: Followed }> {
  const { lead, isSure, kept } = errand;
  const faults: FeedFault[] = [];
  for (const url of lead.urls) {
    try {
      const found = await messageAt(url, kept, journey);
      if (found) return { answer: 'MESSAGE', followed: { ...atRest(lead), ...found } };
      if (lead.certainty === 'TYPED') faults.push(new FeedFault('ce n’est pas un message CAP'));
    } catch (error) {
      journey.signal.throwIfAborted();
      if (!(error instanceof FeedFault)) throw error;
      faults.push(error);
    }
  }
  const fault = isSure ? faults[0] : faults.find(({ isAbsence }) => !isAbsence);
  if (fault) return { answer: 'FAULT', followed: failed(errand, fault, journey) };
  const known = kept?.cap ? foundBefore(kept) : {};
  return { answer: faults.length < lead.urls.length ? 'PAGE' : 'NOTHING', followed: { ...atRest(lead), ...known } };
}

/** The record of a lead that could not be followed to its end: the message as it was known, and when to try again. */
function failed({ lead, kept, hostFailingSince }: Errand, fault: FeedFault, { now, everyMinutes }: Journey): Followed {
  const failures = kept?.failures ?? 0;
  return {
    ...atRest(lead),
    ...(kept?.cap ? foundBefore(kept) : {}),
    faults: [fault.message],
    failures: failures + 1,
    failingSince: kept?.failingSince ?? hostFailingSince ?? now,
    dueAt: retryAt({ failures, everyMinutes }, fault, now),
  };
}

/** The record of a lead whose host could not be asked by another one: it waits for the same moment, and is told once. */
export const failedLike = ({ lead, kept }: Errand, { failures, failingSince, dueAt }: Followed): Followed => ({
  ...atRest(lead),
  failures,
  failingSince: kept?.failingSince ?? failingSince,
  dueAt,
});

/** The record of a lead at whose addresses no message stands. */
export const atRest = ({ key, urls: [url], words, at }: Lead): Followed => ({
  key,
  url,
  words,
  saidAt: at,
  cap: null,
  bytes: 0,
  etag: null,
  lastModified: null,
  faults: [],
  failures: 0,
  failingSince: null,
  dueAt: null,
});

type Found = Pick<Followed, 'url' | 'cap' | 'bytes' | 'etag' | 'lastModified' | 'faults'>;

const foundBefore = ({ url, cap, bytes, etag, lastModified, faults }: Followed): Found => {
  return { url, cap, bytes, etag, lastModified, faults };
};

/** The message at an address, as it was kept where the server says that it did not change; null where something else stands there. */
async function messageAt(url: string, kept: Followed | undefined, { targets, signal }: Journey): Promise<Found | null> {
  const known = kept?.cap && kept.url === url ? kept : undefined;
  const validators: Validators = { etag: known?.etag ?? null, lastModified: known?.lastModified ?? null };
  const fetched = await fetchFeed(url, validators, targets, signal, LIMITS);
  if (!fetched.changed) return known ? foundBefore(known) : null;
  const { cap, faults } = readLinkedMessage(fetched.bytes, fetched.mediaType);
  return (
    cap && { url, cap, bytes: fetched.bytes.length, faults, etag: fetched.etag, lastModified: fetched.lastModified }
  );
}
