import { setTimeout as pause } from 'node:timers/promises';
import type { EntityData } from '@mikro-orm/core';
import { instant, parisTime } from '../../clock.ts';
import { sqlIn } from '../../database/sql-in.ts';
import { insertion, update, type Write, writeTogether } from '../../database/writes.ts';
import { appended } from '../../journal/append.commands.ts';
import type { CapMessage } from '../../publications/alert/alert.content.ts';
import { type PublicDocument, publicStateAt } from '../../publications/document.ts';
import { Publication, type PublicationRow } from '../../publications/publication.entity.ts';
import type { ChangeType, PublicState } from '../../publications/vocabulary.ts';
import type { EditorialWork, PublishingWork } from '../dossier/editorial-work.ts';

export interface Announcement {
  type: ChangeType;
  document: PublicDocument;
  changedFields: string[];
  ring: boolean;
  /** Whether it rings only because it reaches more communes. */
  onlyWider?: boolean;
  /** The columns of the thread's row that a new revision changes; all of them where the thread `begins`. */
  thread?: { begins: boolean; row: EntityData<PublicationRow> };
  /** Rows that are written with it: its CAP message, those of the desk. */
  writes?: readonly Write[];
}

type Announcing = Pick<PublishingWork, 'em' | 'clock' | 'afterCommit' | 'showChanges'>;

/**
 * Appends a change of a public thread to the journal and moves the thread's row on with it, by one statement. PostgreSQL
 * notifies every hub once that is committed, and this hub shows it before the command is answered. No other command
 * appends, so no other command notifies.
 */
export async function announce(work: Announcing, change: Announcement): Promise<void> {
  const { em, clock, afterCommit, showChanges } = work;
  const { document, thread, writes = [] } = change;
  const now = clock.now();
  const entry = appended(em, {
    subject: document.id,
    type: change.type,
    at: now,
    changedFields: change.changedFields,
    ring: change.ring,
    onlyWider: change.onlyWider ?? false,
    document,
  });
  const row = {
    ...thread?.row,
    latestEntryId: entry.id,
    updatedAt: now,
    announced: announcedBy(change, now),
    closed: document.cancelled !== null || document.allClear !== null,
  };
  const moved = thread?.begins
    ? insertion(em, Publication, { id: document.id, ...row })
    : update(em, Publication, document.id, row);
  await writeTogether(em, [...writes, moved, entry.write]);
  afterCommit(showChanges);
}

/**
 * The public state that a change announces. An end that passed while the change was made has an entry of its own: the
 * thread stays as not ended until the timekeeper has written that.
 */
function announcedBy({ type, document }: Announcement, now: Date): PublicState {
  const state = publicStateAt(document, now.getTime());
  const isSaid = type === 'ENDED' || type === 'ALL_CLEAR';
  return state === 'ENDED' && !isSaid ? 'IN_FORCE' : state;
}

/**
 * Draws the next CAP message of a thread; `sealedMessage` makes its rows. `sent` grows within the thread (I-06). CAP tells time
 * by the second, so a second message within one gets the next. The identifier holds `sent`: after a backup was restored, a
 * number that readers have seen already is given again, and a moment never.
 */
export async function nextMessage(
  { em, clock, capSender }: Pick<EditorialWork, 'em' | 'clock' | 'capSender'>,
  thread: string,
  expires: string,
): Promise<CapMessage> {
  const [drawn] = await sqlIn(em)<{ earlier: number; sent: string }>(
    'select earlier, sent from draw_cap_message(?, ?)',
    [thread, clock.now().toISOString()],
  );
  if (!drawn) throw new Error('no CAP message was drawn');
  const sent = new Date(drawn.sent);
  const stamp = sent.toISOString().replace(/\.000|[-:]/g, '');
  const identifier = `TOCSIN-${thread}-${drawn.earlier + 1}-${stamp}`;
  return { identifier, sender: capSender, sent: parisTime(sent), expires };
}

/** A second that lies further ahead was written by a clock that went wrong: a warning does not wait for it. */
const MOST_WAIT_MS = 2000;
/** A timer may be heard a millisecond before the clock shows its time. */
const TIMER_MS = 2;

/**
 * Draws the next message and waits until the clock shows its second, so that none is sent ahead of it (I-06). Meanwhile the
 * caller holds locks of this thread alone: a command on another thread, or on a report, waits for nothing.
 */
export async function messageToSend(
  work: Pick<EditorialWork, 'em' | 'clock' | 'capSender'>,
  thread: string,
  expires: string,
): Promise<CapMessage> {
  const message = await nextMessage(work, thread, expires);
  const ahead = instant(message.sent) - work.clock.now().getTime();
  if (ahead > 0 && ahead <= MOST_WAIT_MS) await pause(ahead + TIMER_MS);
  return message;
}
