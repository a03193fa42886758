import type { Point } from 'geojson';
import type { Commune } from '../territory/territory.ts';

/** An address as the API answers it, or a street alone. */
export interface AddressView {
  label: string;
  houseNumber: string | null;
  street: string;
  postalCode: string | null;
  commune: Commune;
  point: Point;
  approximate: boolean;
  remote: boolean;
  distanceMetres: number | null;
}

/** An address with its line, as on an envelope. */
export function addressView({
  lon,
  lat,
  ...of
}: Omit<AddressView, 'label' | 'point'> & { lon: number; lat: number }): AddressView {
  const town = [of.postalCode, of.commune.name].filter(Boolean).join(' ');
  return {
    ...of,
    label: `${[of.houseNumber, of.street].filter(Boolean).join(' ')}, ${town}`,
    point: { type: 'Point', coordinates: [lon, lat] },
  };
}
