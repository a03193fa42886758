import { tongueFor } from '../content/tongue.ts';
import { expiresOf, type LinkedDataSetting, placeIn, type SpecialAnnouncement } from '../kind/linked-data.ts';
import type { AidPointDocument } from './aid-point.content.ts';
import { shutAs } from './aid-point.rules.ts';
import { AID_POINT_WORDS } from './aid-point.words.ts';

/**
 * An announcement of the help that can be had at one place (schema.org: `announcementLocation`, a CivicStructure). Its
 * purposes are left out once it takes nobody in. schema.org has no word for free places, and `openingHours` takes no prose.
 */
export function aidPointLinkedData(
  document: AidPointDocument,
  { territory, text }: LinkedDataSetting,
): SpecialAnnouncement {
  const { kind, purposes: names } = AID_POINT_WORDS[tongueFor(text.language)];
  const { place, address, commune, point, capacity, purposes, cancelled, allClear, observed } = document;
  const [longitude, latitude] = point.coordinates;
  return {
    category: kind,
    expires: expiresOf(document),
    announcementLocation: {
      ...placeIn(place, [commune], territory, address),
      '@type': 'CivicStructure',
      geo: { '@type': 'GeoCoordinates', latitude, longitude },
      ...(capacity === null ? {} : { maximumAttendeeCapacity: capacity }),
      ...(cancelled || allClear || shutAs(observed)
        ? {}
        : {
            amenityFeature: purposes.map((purpose) => ({
              '@type': 'LocationFeatureSpecification',
              name: names[purpose],
              value: true,
            })),
          }),
    },
  };
}
