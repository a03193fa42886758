import { z } from 'zod';
import type { Territory } from '../../territory/territory.ts';
import { type AddressView, addressView } from '../address-view.rules.ts';

/** An answer of the Géoplateforme's geocoder, as far as the hub reads it: GeoJSON, an address a feature. */
const answer = z.object({
  features: z
    .array(
      z.object({
        geometry: z.object({
          type: z.literal('Point'),
          coordinates: z.tuple([z.number(), z.number()]).rest(z.number()),
        }),
        properties: z.object({
          type: z.string(),
          name: z.string().max(300),
          housenumber: z.string().max(20).optional(),
          street: z.string().max(300).optional(),
          postcode: z
            .string()
            .regex(/^\d{5}$/)
            .optional(),
          citycode: z.string().max(10),
          distance: z.number().nonnegative().optional(),
        }),
      }),
    )
    .max(100),
});

/** The addresses of such an answer that lie in a commune of the Essonne; undefined for any other text. */
export function readFeatures(text: string, territory: Pick<Territory, 'byCode'>): AddressView[] | undefined {
  const read = answer.safeParse(parsed(text));
  return read.data?.features.flatMap(({ geometry, properties }) => {
    const { name, housenumber, street, postcode, citycode, distance } = properties;
    const commune = territory.byCode(citycode);
    if (!commune) return [];
    const [lon, lat] = geometry.coordinates;
    return addressView({
      ...{ commune, lon, lat, street: (housenumber && street) || name, houseNumber: housenumber ?? null },
      ...{ postalCode: postcode ?? null, approximate: false, remote: true },
      distanceMetres: distance === undefined ? null : Math.round(distance),
    });
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
