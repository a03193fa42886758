import { instant, parisTime } from '../../clock.ts';
import { fingerprint } from '../content/fingerprint.ts';
import type { DroppedPassage, EventContent, EventDocument, Keyed, Passage } from './event.content.ts';

type Named = Pick<Passage, 'label' | 'commune'> & { key?: string | null };

const DAY = 24 * 3600_000;

/** The passages with their keys. One that was written before passages had keys has the key that calendars knew it by. */
export function withKeys<P extends Named>(passages: readonly P[]): Keyed<P>[] {
  const taken = new Set(passages.flatMap(({ key }) => key ?? []));
  return passages.map((passage) => {
    const key = passage.key ?? freshKey(passage, taken);
    taken.add(key);
    return { ...passage, key };
  });
}

/** A key of the first words of a passage, so that the same input gives the same content; a number tells equal ones apart. */
function freshKey({ label, commune }: Named, taken: ReadonlySet<string>): string {
  const name = fingerprint([label, commune]).slice(0, 16);
  let [key, count] = [name, 1];
  while (taken.has(key)) {
    count += 1;
    key = `${name}-${count}`;
  }
  return key;
}

type Like = (one: Passage, other: Passage) => boolean;
const [LABEL, COMMUNE, TIME]: readonly [Like, Like, Like] = [
  (one, other) => one.label === other.label,
  (one, other) => one.commune === other.commune,
  (one, other) => one.expectedFrom === other.expectedFrom,
];

/** How a passage that comes without its key is known again: the surest way first. */
const SAME: readonly (readonly Like[])[] = [
  [LABEL, COMMUNE, TIME],
  [LABEL, COMMUNE],
  [COMMUNE, TIME],
  [LABEL, TIME],
  [LABEL],
];

/**
 * The passages of a content that replaces another: each keeps its key where the input gives it, or where the passage is
 * known again, so that a label, a place or a time that is mended makes no new passage of it.
 */
export function keyedLike(passages: readonly Passage[], before: readonly Passage[]): Passage[] {
  const given = new Set(passages.map(({ key }) => key));
  const left = new Set(withKeys(before).filter(({ key }) => !given.has(key)));
  const known = new Map<Passage, string>();
  for (const likes of SAME)
    for (const passage of passages) {
      if (passage.key !== null || known.has(passage)) continue;
      const found = [...left].find((one) => likes.every((like) => like(one, passage)));
      if (!found) continue;
      known.set(passage, found.key);
      left.delete(found);
    }
  return withKeys(passages.map((passage) => ({ ...passage, key: passage.key ?? known.get(passage) ?? null })));
}

/** Places in the list whose key stands there before. */
export const repeatedKeys = (passages: readonly Passage[]): number[] =>
  passages.flatMap(({ key }, index) => (passages.findIndex((one) => one.key === key) < index ? [index] : []));

/** The passages that revisions of the last day left out, so that calendars hear that they are off. */
export function droppedPassages(
  before: EventDocument | null,
  { passages }: EventContent,
  at: Date,
): readonly DroppedPassage[] {
  if (!before) return [];
  const kept = new Set(withKeys(passages).map(({ key }) => key));
  const dropped = withKeys(before.passages).map((passage) => ({ ...passage, droppedAt: parisTime(at) }));
  return [...lately(before, at.getTime()), ...dropped].filter(({ key }) => !kept.has(key));
}

/** The passages that were dropped in the day before a moment (milliseconds since 1970). */
export const lately = ({ droppedPassages = [] }: EventDocument, now: number): DroppedPassage[] =>
  droppedPassages.filter(({ droppedAt }) => instant(droppedAt) > now - DAY);
