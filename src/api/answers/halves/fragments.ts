import type { GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Context } from '../../../graphql/context.ts';
import type { ReadOperation } from '../../../graphql/documents.ts';
import type { Moments } from '../moment.ts';
import { Selection, type Variables } from './selection.ts';

/** Bytes of rendered publications kept, over all selections. */
const KEPT_BYTES = 64 * 2 ** 20;
/** What one takes beside its bytes. */
const OVERHEAD = 300;
/** Of one operation, selections that differ in their place or in the variables given. */
const MOST_OF_AN_OPERATION = 100;

interface Kept {
  readonly bytes: Buffer;
  /** The moment that it shows, where the selection follows more than the document. */
  readonly moment: number;
}

interface Numbered {
  readonly number: number;
  readonly selection: Selection;
}

/**
 * What was selected of publications, rendered once. A published document never changes, and so what is selected of it
 * does not either, for as long as it lives; where something of it follows the clock or the board, for one moment.
 */
export class Fragments {
  readonly #moments: Moments;
  readonly #selections = new WeakMap<ReadOperation, Numbered[]>();
  readonly #numbers = new WeakMap<object, number>();
  readonly #kept = new LRUCache<string, Kept>({
    maxSize: KEPT_BYTES,
    sizeCalculation: ({ bytes }) => bytes.length + OVERHEAD,
  });
  #last = 0;
  #rendered = 0;

  constructor(moments: Moments) {
    this.#moments = moments;
  }

  /** How many were rendered until now. */
  get rendered(): number {
    return this.#rendered;
  }

  /** What a field selects of publications of that type: found again where it is the same. */
  selection(
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
    const made = { number: this.#last, selection: new Selection(schema, within, type, info, given) };
    known.push(made);
    return made;
  }

  /** The JSON of what is selected of one publication. Throws where anything of it fails. */
  of({ number, selection }: Numbered, publication: object, context: Context): Buffer {
    const document = this.#numbers.get(publication);
    const render = () => {
      this.#rendered += 1;
      return selection.render(publication, context);
    };
    if (document === undefined) {
      // Not kept the first time: what was read from PostgreSQL for one answer is not seen again.
      this.#last += 1;
      this.#numbers.set(publication, this.#last);
      return render();
    }
    const moment = selection.volatile ? this.#moments.present : 0;
    const key = `${number}:${document}`;
    const kept = this.#kept.get(key);
    if (kept?.moment === moment) return kept.bytes;
    const bytes = render();
    this.#kept.set(key, { bytes, moment });
    return bytes;
  }
}
