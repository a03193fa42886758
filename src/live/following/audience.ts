import { type ChangeMatch, changeMatchKey, matchesChange } from '../../board/filter/change-filter.rules.ts';
import type { PublicDocument } from '../../publications/document.ts';
import type { Follower } from './follower.ts';
import type { Rendering } from './rendering.ts';

/** Followers who are told the same of the same changes: one rendering, one filter. `L` is who follows live. */
export class Audience {
  readonly key: string;
  /** Those who stand at the head; who is behind catches up by itself and is not among them. */
  readonly live = new Set<Follower>();
  /** All that belong to it, live or behind. */
  size = 0;
  /** The position of the last cursor that all who are live were told, at least. */
  told = 0;

  constructor(
    readonly rendering: Rendering,
    readonly match: ChangeMatch,
  ) {
    this.key = audienceKey(rendering, match);
  }

  wants(document: PublicDocument): boolean {
    return matchesChange(this.match, document);
  }
}

export const audienceKey = (rendering: Rendering, match: ChangeMatch): string =>
  `${rendering.number}/${changeMatchKey(match)}`;

/**
 * Finds the audiences of a change by its mode, kind and communes: what does not match costs nothing, however many there
 * are. Gravity is looked at last.
 */
export class Audiences {
  readonly #all = new Map<string, Audience>();
  readonly #places = new Map<string, Set<Audience>>();

  get(key: string): Audience | undefined {
    return this.#all.get(key);
  }

  [Symbol.iterator](): IterableIterator<Audience> {
    return this.#all.values();
  }

  add(audience: Audience): void {
    this.#all.set(audience.key, audience);
    for (const place of placesOf(audience.match)) {
      const there = this.#places.get(place);
      if (there) there.add(audience);
      else this.#places.set(place, new Set([audience]));
    }
  }

  delete(audience: Audience): void {
    this.#all.delete(audience.key);
    for (const place of placesOf(audience.match)) {
      const there = this.#places.get(place);
      there?.delete(audience);
      if (there?.size === 0) this.#places.delete(place);
    }
  }

  /** Those that a change to a document is for, each once. */
  of(document: PublicDocument): Set<Audience> {
    const found = new Set<Audience>();
    for (const commune of [EVERYWHERE, ...document.communes])
      for (const audience of this.#places.get(placeKey(document.mode, document.kind, commune)) ?? [])
        if (audience.wants(document)) found.add(audience);
    return found;
  }
}

const EVERYWHERE = '*';
const placeKey = (mode: string, kind: string, commune: string): string => `${mode}/${kind}/${commune}`;

function* placesOf({ modes, kinds, communes }: ChangeMatch): Generator<string> {
  for (const mode of modes)
    for (const kind of kinds) for (const commune of communes ?? [EVERYWHERE]) yield placeKey(mode, kind, commune);
}
