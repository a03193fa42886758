/** A journal entry as everything downstream reads it: numbered, immutable. `D` is the document's type. */
export interface Entry<D = unknown> {
  readonly id: string;
  readonly position: number;
  readonly subject: string;
  readonly type: string;
  /** RFC 3339, offset of Paris. */
  readonly at: string;
  readonly changedFields: readonly string[];
  readonly ring: boolean;
  readonly document: D;
}

/** Where the journal stands: the last stamped position, and the epoch in which positions are counted. */
export interface Head {
  readonly epoch: string;
  readonly position: number;
}

/** Where a reader stands, and how it knows its place again. */
export interface Standing {
  readonly head: Head;
  /** The id of the entry there; null where there is none. Who finds another one there reads another journal. */
  readonly standing: string | null;
}

/** The journal, or what is public of it, as it stood at one moment. */
export interface Reading<D> extends Standing {
  readonly entries: readonly Entry<D>[];
}
