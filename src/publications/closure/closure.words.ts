import type { InEachTongue } from '../content/tongue.ts';
import type { ClosureContent } from './closure.content.ts';

interface ClosureWords {
  kind: string;
  restrictions: Record<ClosureContent['restriction'], string>;
  detour: string;
  crossings: string;
  reopened(roads: string): string;
}

export const CLOSURE_WORDS: InEachTongue<ClosureWords> = {
  fr: {
    kind: 'Route',
    restrictions: {
      CLOSED: 'Route fermée',
      LANES_CLOSED: 'Voies fermées',
      ALTERNATING: 'Circulation alternée',
      LOCAL_ACCESS_ONLY: 'Accès riverains seulement',
      PARKING_BAN: 'Stationnement interdit',
    },
    detour: 'Déviation',
    crossings: 'Points de traversée',
    reopened: (roads) => `Route rouverte : ${roads}`,
  },
  en: {
    kind: 'Road',
    restrictions: {
      CLOSED: 'Road closed',
      LANES_CLOSED: 'Lanes closed',
      ALTERNATING: 'Alternating traffic',
      LOCAL_ACCESS_ONLY: 'Local access only',
      PARKING_BAN: 'No parking',
    },
    detour: 'Diversion',
    crossings: 'Crossing points',
    reopened: (roads) => `Road reopened: ${roads}`,
  },
};
