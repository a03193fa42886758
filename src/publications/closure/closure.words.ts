import type { InEachTongue } from '../content/tongue.ts';
import type { ClosureContent } from './closure.content.ts';

interface ClosureWords {
  kind: string;
  restrictions: Record<ClosureContent['restriction'], string>;
  detour: string;
  crossings: string;
  reopened(roads: string): string;
  postRestrictions: ClosureWords['restrictions'];
  postReopened: string;
  notStarted: string;
  seen: string;
}

const FRENCH_RESTRICTIONS: ClosureWords['restrictions'] = {
  CLOSED: 'Route fermée',
  LANES_CLOSED: 'Voies fermées',
  ALTERNATING: 'Circulation alternée',
  LOCAL_ACCESS_ONLY: 'Accès riverains seulement',
  PARKING_BAN: 'Stationnement interdit',
};

const ENGLISH_RESTRICTIONS: ClosureWords['restrictions'] = {
  CLOSED: 'Road closed',
  LANES_CLOSED: 'Lanes closed',
  ALTERNATING: 'Alternating traffic',
  LOCAL_ACCESS_ONLY: 'Local access only',
  PARKING_BAN: 'No parking',
};

export const CLOSURE_WORDS: InEachTongue<ClosureWords> = {
  fr: {
    kind: 'Route',
    restrictions: FRENCH_RESTRICTIONS,
    detour: 'Déviation',
    crossings: 'Points de traversée',
    reopened: (roads) => `Route rouverte : ${roads}`,
    postRestrictions: { ...FRENCH_RESTRICTIONS, LOCAL_ACCESS_ONLY: 'Accès réservé aux riverains' },
    postReopened: 'Route rouverte',
    notStarted: 'Sur place, la fermeture n’a pas commencé.',
    seen: 'Constaté le',
  },
  en: {
    kind: 'Road',
    restrictions: ENGLISH_RESTRICTIONS,
    detour: 'Diversion',
    crossings: 'Crossing points',
    reopened: (roads) => `Road reopened: ${roads}`,
    postRestrictions: ENGLISH_RESTRICTIONS,
    postReopened: 'Road reopened',
    notStarted: 'On the ground, the closure has not begun.',
    seen: 'Seen on',
  },
};

/** The words of panels on the road, which are French: nouns, so that they agree with every road's name. Null: no traffic. */
export const ROAD_WORDS: Record<ClosureContent['restriction'], string | null> = {
  CLOSED: 'Fermeture',
  LANES_CLOSED: 'Voies fermées',
  ALTERNATING: 'Circulation alternée',
  LOCAL_ACCESS_ONLY: 'Riverains seulement',
  PARKING_BAN: null,
};
