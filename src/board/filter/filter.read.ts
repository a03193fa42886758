import { instant } from '../../clock.ts';
import { type FieldFault, invalidInput } from '../../errors.ts';
import type { Territory } from '../../territory/territory.ts';
import { isUuid } from '../../uuid.ts';
import { ACTUAL_ONLY, type BoardFilter, LIVE_STATES, severitiesFrom } from './filter.rules.ts';
import type { AlertFilter, NearInput, PublicationFilter } from './filter.types.ts';
import { searchWords } from './words.rules.ts';

type GivenFilter = Partial<PublicationFilter & AlertFilter>;

const MOST_METRES = 100_000;

/** Reads a filter of the API as the board's. INVALID_INPUT names what is wrong, paths below `where`. */
export function readFilter(given: GivenFilter | null | undefined, territory: Territory): BoardFilter {
  const where = given ?? {};
  const faults: FieldFault[] = [];
  const places = [
    where.communes && codesOf(where.communes, territory, faults),
    where.near && codesNear(where.near, territory, faults),
    where.bbox && codesInBox(where.bbox, territory, faults),
  ].filter((codes) => codes instanceof Set);
  const words = where.search ? searchWords(where.search) : undefined;
  if (words?.length === 0) faults.push({ path: 'where.search', message: 'must hold at least one letter or digit' });
  if (where.incident && !isUuid(where.incident))
    faults.push({ path: 'where.incident', message: 'must be the id of an incident' });
  if (faults.length > 0) throw invalidInput(faults);
  const communes = places.reduce<Set<string> | undefined>(
    (all, codes) => (all ? all.intersection(codes) : codes),
    undefined,
  );
  const severities = severitiesFrom(where.severityAtLeast, where.vigilanceAtLeast);
  return {
    states: where.states ? new Set(where.states) : LIVE_STATES,
    modes: where.modes ? new Set(where.modes) : ACTUAL_ONLY,
    ...(where.kinds ? { kinds: new Set(where.kinds) } : {}),
    ...(communes ? { communes } : {}),
    ...(where.activeAt ? { activeAt: instant(where.activeAt) } : {}),
    ...(where.incident ? { incident: where.incident } : {}),
    ...(words ? { search: words } : {}),
    ...(severities ? { severities } : {}),
    ...(where.hazards ? { hazards: new Set(where.hazards) } : {}),
    ...(where.categories ? { categories: new Set(where.categories) } : {}),
  };
}

/** Codes of today; an unknown one is a fault of the caller, better told than answered with nothing. */
export function codesOf(codes: readonly string[], territory: Territory, faults: FieldFault[]): Set<string> {
  return new Set(
    codes.flatMap((code, index) => {
      const commune = territory.byCode(code);
      if (!commune)
        faults.push({
          path: `where.communes.${index}`,
          message: `${code} is not the INSEE code of a commune of the Essonne`,
        });
      return commune?.code ?? [];
    }),
  );
}

function codesNear({ point, radiusMetres }: NearInput, territory: Territory, faults: FieldFault[]): Set<string> {
  if (radiusMetres < 1 || radiusMetres > MOST_METRES) {
    faults.push({ path: 'where.near.radiusMetres', message: `must lie between 1 and ${MOST_METRES}` });
    return new Set();
  }
  return new Set(territory.communesNear(point, radiusMetres).map(({ code }) => code));
}

function codesInBox(bbox: readonly number[], territory: Territory, faults: FieldFault[]): Set<string> {
  const [west, south, east, north] = bbox;
  if (
    bbox.length !== 4 ||
    west === undefined ||
    south === undefined ||
    east === undefined ||
    north === undefined ||
    west >= east ||
    south >= north ||
    Math.abs(south) > 90 ||
    Math.abs(north) > 90
  ) {
    faults.push({
      path: 'where.bbox',
      message: 'must be west, south, east, north in degrees, west < east, south < north',
    });
    return new Set();
  }
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
  return new Set(territory.communesTouching({ type: 'Polygon', coordinates: [ring] }).map(({ code }) => code));
}
