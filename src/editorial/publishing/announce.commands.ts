import { LockMode } from '@mikro-orm/postgresql';
import { parisTime } from '../../clock.ts';
import { sqlIn } from '../../database/sql-in.ts';
import { append } from '../../journal/append.commands.ts';
import { JournalEntry } from '../../journal/entry.entity.ts';
import type { CapMessage } from '../../publications/alert/alert.content.ts';
import { type PublicDocument, publicStateAt } from '../../publications/document.ts';
import { Publication, type PublicationRow } from '../../publications/publication.entity.ts';
import type { ChangeType } from '../../publications/vocabulary.ts';
import type { EditorialWork, PublishingWork } from '../dossier/editorial-work.ts';

export interface Announcement {
  type: ChangeType;
  document: PublicDocument;
  changedFields: string[];
  ring: boolean;
}

/** The document that the public knows now of a thread. */
export async function publicDocument(
  { em }: Pick<EditorialWork, 'em'>,
  publication: PublicationRow,
): Promise<PublicDocument> {
  const entry = await em.findOneOrFail(JournalEntry, { id: publication.latestEntryId });
  return entry.document as PublicDocument;
}

/**
 * Appends a change of a public thread to the journal and moves the thread's row on with it, in one transaction; every hub
 * is notified once that is committed. No other command appends, so no other command notifies.
 */
export function announce(work: PublishingWork, publication: PublicationRow, change: Announcement): void {
  const { em, clock, afterCommit, notifyHubs } = work;
  const { document } = change;
  const now = clock.now();
  publication.latestEntryId = append(em, {
    subject: document.id,
    type: change.type,
    at: now,
    changedFields: change.changedFields,
    ring: change.ring,
    document,
  });
  publication.announced = publicStateAt(document, now.getTime());
  publication.closed = document.cancelled !== null || document.allClear !== null;
  afterCommit(notifyHubs);
}

/** Locks a public thread for this transaction, or answers null where nothing of it is public. */
export const lockPublication = (em: EditorialWork['em'], id: string): Promise<PublicationRow | null> =>
  em.findOne(Publication, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });

/**
 * Draws the next CAP message of a thread; `keepSealed` writes it. `sent` is unique over all threads and grows within one
 * (I-06); CAP tells time by the second, so a second that is taken makes it wait for the next free one. The identifier holds
 * `sent`: after a backup was restored, a number that readers have seen already is given again, and a moment never.
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
