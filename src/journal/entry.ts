/** A journal entry as everything downstream reads it: numbered, immutable. `D` is the document's type. */
export interface Entry<D = unknown> {
  readonly id: string;
  readonly position: number;
  readonly subject: string;
  readonly type: string;
  /** RFC 3339, offset of Paris. */
  readonly at: string;
  /** The same in milliseconds since 1970, which `at` has no room for. */
  readonly atMs: number;
  readonly changedFields: readonly string[];
  readonly ring: boolean;
  /** Whether it rings only because the publication reaches more communes: nothing is graver for those that it reached. */
  readonly onlyWider: boolean;
  readonly document: D;
  /** The fields of the subject's document before this entry that decide which filters it passes; null for the first entry. */
  readonly before: Partial<D> | null;
  /** Whether another entry of the subject had followed when this one was read. */
  readonly superseded: boolean;
}

/** What stands of a subject: as much of its last entry as says so. */
export type Latest<D> = Pick<Entry<D>, 'subject' | 'position' | 'atMs' | 'document'>;

/** Where the journal stands: the last stamped position, and the epoch in which positions are counted. */
export interface Head {
  readonly epoch: string;
  readonly position: number;
}

/** Where a reader stands, and how it recognises the journal that it read. */
export interface Standing {
  readonly head: Head;
  /** The id of the entry there; null if there is none. A different id at this position means the journal was restored. */
  readonly standing: string | null;
}

/** Entries of the journal, and where it stood when they were read. */
export interface Reading<E> extends Standing {
  readonly entries: readonly E[];
}
