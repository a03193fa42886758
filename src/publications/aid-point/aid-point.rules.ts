import { instant } from '../../clock.ts';
import type { FieldFault } from '../../errors.ts';
import type { Territory } from '../../territory/territory.ts';
import type { Sighting } from '../kind/kind.ts';
import type { AidPointContent, AidPointDocument, AidPointSeen } from './aid-point.content.ts';

type Place = Pick<AidPointContent, 'commune' | 'point' | 'address' | 'place'>;

/** Outlines of communes may be approximate, and a gymnasium may stand at the border. */
const NEAR_METRES = 2_000;

/** Faults of a place that does not lie where its content says: people would be sent the wrong way. */
export function placeFaults({ commune, point }: Pick<Place, 'commune' | 'point'>, territory: Territory): FieldFault[] {
  const found = territory.byCode(commune);
  if (!found) return [{ path: 'commune', message: `${commune} is not the INSEE code of a commune of the Essonne` }];
  const [lon = 0, lat = 0] = point.coordinates;
  const near = territory.communesNear({ lon, lat }, NEAR_METRES);
  return near.some(({ code }) => code === found.code)
    ? []
    : [{ path: 'point', message: `must lie in ${found.name} (${found.code}), or within 2 km of it` }];
}

export interface Counted {
  status: Exclude<AidPointSeen['status'], 'UNKNOWN'>;
  freePlaces: number | null;
}

/** Counts that cannot be true of a place, and observations that are older than the one that stands. */
export function observationFaults(
  { capacity, observed }: AidPointDocument,
  { status, freePlaces, at }: Counted & Sighting,
): FieldFault[] {
  const tooMany = freePlaces !== null && capacity !== null && freePlaces > capacity;
  const isShut = status !== 'OPEN' && Boolean(freePlaces);
  const isLate = observed.at !== null && instant(at) < instant(observed.at);
  return [
    ...(tooMany ? [{ path: 'freePlaces', message: `must be at most ${capacity}, the capacity` }] : []),
    ...(isShut ? [{ path: 'freePlaces', message: `must be 0 or null where the status is ${status}` }] : []),
    ...(isLate ? [{ path: 'observedAt', message: `must not lie before ${observed.at}, when it was last seen` }] : []),
  ];
}

/** The status of a place that sends people away; null where it takes them in, as far as anybody saw. */
export const shutAs = ({ status }: AidPointSeen): 'FULL' | 'CLOSED' | null =>
  status === 'FULL' || status === 'CLOSED' ? status : null;

export const hasMoved = (before: Place, after: Place): boolean =>
  before.commune !== after.commune ||
  before.address !== after.address ||
  JSON.stringify(before.point) !== JSON.stringify(after.point);

const NOT_SEEN: AidPointSeen = { status: 'UNKNOWN', at: null, freePlaces: null, note: null };

/**
 * The last observation as it still holds under a new content: not at all where the place moved, or where a full place has
 * more places now, and without its count where that is above the capacity.
 */
export function stillSeen(before: AidPointDocument | null, after: AidPointContent): AidPointSeen {
  if (!before || hasMoved(before, after)) return NOT_SEEN;
  const { observed, capacity } = before;
  const hasGrown = capacity !== null && after.capacity !== null && after.capacity > capacity;
  if (observed.status === 'FULL' && hasGrown) return NOT_SEEN;
  const isAbove = observed.freePlaces !== null && after.capacity !== null && observed.freePlaces > after.capacity;
  return isAbove ? { ...observed, freePlaces: null } : observed;
}

/** Open places first, then the full ones, then those that are shut; otherwise as they stood. */
export const openFirst = <D extends AidPointDocument>(points: readonly D[]): D[] => {
  const order = ['OPEN', 'UNKNOWN', 'FULL', 'CLOSED'];
  return points.toSorted((a, b) => order.indexOf(a.observed.status) - order.indexOf(b.observed.status));
};

/** The last observation, as the API names it; null where nobody has looked yet. */
export const aidPointObserved = ({ observed: { status, at, ...seen } }: Pick<AidPointDocument, 'observed'>) =>
  status === 'UNKNOWN' ? null : { status, observedAt: at, ...seen };
