import type { EntityManager } from '@mikro-orm/postgresql';
import { type Clock, notBefore } from '../../clock.ts';
import { sqlIn } from '../../database/sql-in.ts';
import type { Content } from '../../publications/content/content.ts';
import type { PublicDocument } from '../../publications/document.ts';
import type { PublicState } from '../../publications/vocabulary.ts';
import { isUuid } from '../../uuid.ts';

/** A public thread that a transaction has locked. */
export interface PublicThread {
  /** Cancelled or all clear: it never comes back (I-20). */
  closed: boolean;
  /** The public state that the journal announced last. */
  announced: PublicState;
  /** The document that the public knows now. */
  document: PublicDocument;
  /** The content of the live revision. */
  content: Content;
  /** When its latest change was told, in milliseconds since 1970. */
  latestAt: number;
}

/** A piece of work on a thread, dated no earlier than the change before it, even where a clock went back in between. */
export const inThread = <W extends { clock: Clock }>(work: W, thread: Pick<PublicThread, 'latestAt'> | null): W =>
  thread ? { ...work, clock: notBefore(work.clock, thread.latestAt) } : work;

/** Locks a public thread until the transaction ends, and reads it by the same statement; null where nothing of it is public. */
export async function lockThread(em: EntityManager, id: string): Promise<PublicThread | null> {
  const [thread] = isUuid(id)
    ? await sqlIn(em)<PublicThread | { document: null }>(
        `select t.*, (extract(epoch from p.updated_at) * 1000)::float8 as "latestAt"
         from public_thread(?) t left join publication p on p.id = ?`,
        [id, id],
      )
    : [];
  return thread?.document ? thread : null;
}
