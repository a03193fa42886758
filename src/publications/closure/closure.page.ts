import type { Seen } from '../kind/kind.ts';
import type { PageFace } from '../kind/page.ts';
import type { ClosureDocument, Observation } from './closure.content.ts';

export const closurePage: PageFace<ClosureDocument> = {
  heading: 'Routes fermées',
  overtakenHeadings: { REOPENED: 'Routes rouvertes' },
  details: ({ detour }) => (detour ? [{ title: 'Déviation', text: detour.text }] : []),
};

const SEEN: Record<Observation['state'], string | null> = {
  NOT_STARTED: 'Sur place : la fermeture n’a pas commencé',
  IN_PLACE: 'Sur place : fermeture constatée',
  REOPENED: 'Sur place : route rouverte',
  UNKNOWN: null,
};

/** The last observation of a road, in words. */
export function closureSeen({ observed: { state, at, note } }: ClosureDocument): Seen | null {
  const words = SEEN[state];
  return words && at ? { words, at, note } : null;
}
