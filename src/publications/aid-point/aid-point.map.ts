import { bestText } from '../content/translations.rules.ts';
import type { MapFace } from '../kind/map.ts';
import type { AidPointDocument } from './aid-point.content.ts';

/** The entrance of each place. */
export const aidPointMap: MapFace<AidPointDocument> = {
  path: '/geo/aid-points.geojson',
  title: 'Lieux d’aide (carte)',
  bySeverity: false,
  geometry: ({ point }) => point,
  properties: ({ purposes, place, address, wheelchair, capacity, observed, details }, language) => {
    const { openingHours, audience, accessibility, wanted, unwanted } = bestText(details, language) ?? {};
    return {
      purposes,
      place,
      address,
      capacity,
      // A count goes with its time.
      status: observed.status,
      freePlaces: observed.freePlaces,
      observedAt: observed.at,
      note: observed.note,
      wheelchair,
      openingHours,
      audience,
      accessibility,
      wanted,
      unwanted,
    };
  },
};
