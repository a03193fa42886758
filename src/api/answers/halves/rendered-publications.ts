import type { GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Context } from '../../../graphql/context.ts';
import type { BudgetSize } from '../../../graphql/cost/budget.ts';
import type { ReadOperation } from '../../../graphql/documents.ts';
import type { PublicVersions } from '../public-versions.ts';
import { PublicationSelection, type Variables } from './publication-selection.ts';

/** Bytes of rendered publications kept, over all selections. */
const KEPT_BYTES = 64 * 2 ** 20;
/** What one rendering takes beside its bytes. */
const OVERHEAD = 300;
/** Selections of one operation that are known: they differ in their field or in the values of variables. */
const MOST_OF_AN_OPERATION = 100;

interface Kept {
  readonly bytes: Buffer;
  /** Counted again each time that it is given: an answer of kept renderings is as large as one of new ones. */
  readonly spent: BudgetSize;
  /** The public version that it shows, if the selection is volatile; else 0. */
  readonly version: number;
}

interface Numbered {
  readonly number: number;
  readonly selection: PublicationSelection;
}

/**
 * What queries select of publications, rendered once. A published document never changes, and so its rendering holds for
 * as long as the document lives; one of a volatile selection holds for one public version.
 */
export class RenderedPublications {
  readonly #versions: PublicVersions;
  readonly #selections = new WeakMap<ReadOperation, Numbered[]>();
  readonly #numbers = new WeakMap<object, number>();
  readonly #kept = new LRUCache<string, Kept>({
    maxSize: KEPT_BYTES,
    sizeCalculation: ({ bytes }) => bytes.length + OVERHEAD,
  });
  #last = 0;
  #count = 0;

  constructor(versions: PublicVersions) {
    this.#versions = versions;
  }

  /** How many were rendered until now. */
  get count(): number {
    return this.#count;
  }

  /** What a field selects of the publications that it returns: the same object for the same selection. */
  selectionOf(
    schema: GraphQLSchema,
    within: ReadOperation,
    type: string,
    info: GraphQLResolveInfo,
    given: Variables,
  ): Numbered {
    const known = this.#selections.get(within) ?? [];
    this.#selections.set(within, known);
    const found = known.find(({ selection }) => selection.is(type, info));
    if (found) return found;
    if (known.length === MOST_OF_AN_OPERATION) known.shift();
    this.#last += 1;
    const made = { number: this.#last, selection: new PublicationSelection(schema, within, type, info, given) };
    known.push(made);
    return made;
  }

  /** The public version of which a selection is rendered now: 0 where that is the same in every one. */
  versionOf({ selection }: Numbered): number {
    return selection.volatile ? this.#versions.current() : 0;
  }

  /** The JSON of what is selected of one publication, of this version. Throws if a field of it fails. */
  render({ number, selection }: Numbered, version: number, publication: object, context: Context): Buffer {
    const document = this.#numbers.get(publication);
    if (document === undefined) {
      // Not kept the first time: a document that was read from PostgreSQL for one answer is never seen again.
      this.#last += 1;
      this.#numbers.set(publication, this.#last);
      return this.#renderNow(selection, publication, context);
    }
    const key = `${number}:${document}`;
    const kept = this.#kept.get(key);
    const { budget } = context;
    if (kept?.version === version) {
      budget.add(kept.spent.nodes, kept.spent.bytes);
      return kept.bytes;
    }
    const { nodes, bytes: before } = budget;
    const bytes = this.#renderNow(selection, publication, context);
    const spent = { nodes: budget.nodes - nodes, bytes: budget.bytes - before };
    this.#kept.set(key, { bytes, version, spent });
    return bytes;
  }

  #renderNow(selection: PublicationSelection, publication: object, context: Context): Buffer {
    this.#count += 1;
    return selection.render(publication, context);
  }
}
