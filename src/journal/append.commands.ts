import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import { JournalEntry } from './entry.entity.ts';

export interface NewEntry {
  subject: string;
  type: string;
  at: Date;
  changedFields: string[];
  ring: boolean;
  document: object;
}

/**
 * Appends one entry inside the caller's transaction and returns its id. PostgreSQL stamps its position when that
 * transaction commits; a rollback leaves no trace (D-1). Nothing is announced here: call `Tail.announce` after the commit.
 */
export function append(em: EntityManager, entry: NewEntry): string {
  const id = uuid();
  em.persist(em.create(JournalEntry, { id, position: null, ...entry }));
  return id;
}
