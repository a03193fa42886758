import type { EntityManager } from '@mikro-orm/postgresql';
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
}

/** Locks a public thread until the transaction ends, and reads it by the same statement; null where nothing of it is public. */
export async function lockThread(em: EntityManager, id: string): Promise<PublicThread | null> {
  const [thread] = isUuid(id)
    ? await sqlIn(em)<PublicThread | { document: null }>('select * from public_thread(?)', [id])
    : [];
  return thread?.document ? thread : null;
}
