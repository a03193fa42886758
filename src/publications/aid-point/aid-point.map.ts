import { bestText } from '../content/translations.rules.ts';
import type { MapFace } from '../kind/map.ts';
import { type AidPointDocument, API_WHEELCHAIR } from './aid-point.content.ts';
import { aidPointObserved } from './aid-point.rules.ts';

const UNSEEN = { status: null, freePlaces: null, observedAt: null, note: null };

/** The entrance of each place. */
export const aidPointMap: MapFace<AidPointDocument> = {
  path: '/geo/aid-points.geojson',
  title: 'Lieux d’aide (carte)',
  bySeverity: false,
  geometry: ({ point }) => point,
  properties: ({ purposes, place, address, wheelchair, capacity, details, ...point }, language) => {
    const { openingHours, audience, accessibility, wanted, unwanted } = bestText(details, language) ?? {};
    return {
      purposes,
      place,
      address,
      capacity,
      // A count goes with its time.
      ...(aidPointObserved(point) ?? UNSEEN),
      wheelchair: wheelchair && API_WHEELCHAIR.wordOf(wheelchair),
      openingHours,
      audience,
      accessibility,
      wanted,
      unwanted,
    };
  },
};
