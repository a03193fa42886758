import {
  type ChangeMatch,
  changeMatchKey,
  type MatchedChange,
  type MatchedEntry,
  matchedChange,
  type Reach,
} from '../../board/filter/change-filter.rules.ts';
import type { Entry } from '../../journal/entry.ts';
import type { PublicDocument } from '../../publications/document.ts';
import type { Rendering } from './rendering.ts';

/** Followers with the same selection and the same filter: they get the same bytes for the same changes. */
export class Audience<Follower> {
  readonly key: string;
  /** The followers that stand at the head. A follower that is behind catches up by itself and is not among them. */
  readonly live = new Set<Follower>();
  /** How many followers belong to it, live or behind. */
  size = 0;
  /** The position of the last cursor that all its live followers got, at least. */
  lastCursor = 0;

  constructor(
    readonly rendering: Rendering,
    readonly match: ChangeMatch,
  ) {
    this.key = audienceKey(rendering, match);
  }

  /** A change as its followers get it; undefined where they get nothing of it. */
  matchedChange(entry: Entry<PublicDocument>): MatchedChange | undefined {
    return matchedChange(this.match, entry);
  }
}

export const audienceKey = (rendering: Rendering, match: ChangeMatch): string =>
  `${rendering.number}/${changeMatchKey(match)}`;

/**
 * Finds the audiences of a change by mode, kind and communes, before it and after: a filter that does not match costs
 * nothing, however many there are. Gravity is compared last.
 */
export class Audiences<Follower> {
  readonly #all = new Map<string, Audience<Follower>>();
  readonly #places = new Map<string, Set<Audience<Follower>>>();

  get(key: string): Audience<Follower> | undefined {
    return this.#all.get(key);
  }

  [Symbol.iterator](): IterableIterator<Audience<Follower>> {
    return this.#all.values();
  }

  add(audience: Audience<Follower>): void {
    this.#all.set(audience.key, audience);
    for (const place of placesOf(audience.match)) {
      const there = this.#places.get(place);
      if (there) there.add(audience);
      else this.#places.set(place, new Set([audience]));
    }
  }

  delete(audience: Audience<Follower>): void {
    this.#all.delete(audience.key);
    for (const place of placesOf(audience.match)) {
      const there = this.#places.get(place);
      there?.delete(audience);
      if (there?.size === 0) this.#places.delete(place);
    }
  }

  /** The audiences that get a change, each once, and how it stands to their filters. */
  audiencesFor(entry: Entry<PublicDocument>): Map<Audience<Follower>, MatchedChange> {
    const found = new Map<Audience<Follower>, MatchedChange>();
    for (const place of placesTouched(entry))
      for (const audience of this.#places.get(place) ?? []) {
        // A filter of several communes is found at each of them.
        const change = found.has(audience) ? undefined : audience.matchedChange(entry);
        if (change) found.set(audience, change);
      }
    return found;
  }
}

const EVERYWHERE = '*';
const placeKey = (mode: string, kind: string, commune: string): string => `${mode}/${kind}/${commune}`;

/** Where a document stood before a change, and where it stands now. */
function placesTouched({ document, before }: MatchedEntry): Set<string> {
  const reaches = before ? [document, before as Reach] : [document];
  return new Set(
    reaches.flatMap(({ mode, kind, communes }) =>
      [EVERYWHERE, ...communes].map((commune) => placeKey(mode, kind, commune)),
    ),
  );
}

function* placesOf({ modes, kinds, communes }: ChangeMatch): Generator<string> {
  for (const mode of modes)
    for (const kind of kinds) for (const commune of communes ?? [EVERYWHERE]) yield placeKey(mode, kind, commune);
}
