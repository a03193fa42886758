import { instant } from '../../clock.ts';
import { type FieldFault, invalidInput } from '../../errors.ts';
import { codesOfToday, type Territory } from '../../territory/territory.ts';
import { isUuid } from '../../uuid.ts';
import { ACTUAL_ONLY, type BoardFilter, LIVE_STATES, severitiesFrom } from './filter.rules.ts';
import type { AlertFilter, BoundingBox, NearInput, PublicationFilter } from './filter.types.ts';
import { longSearch, searchWords } from './words.rules.ts';

type GivenFilter = Partial<PublicationFilter & AlertFilter>;

const MOST_METRES = 100_000;

/** Reads a filter of the API as the board's. INVALID_INPUT names what is wrong, paths below `where`. */
export function readFilter(given: GivenFilter | null | undefined, territory: Territory): BoardFilter {
  const where = given ?? {};
  const faults: FieldFault[] = [];
  const places = [
    where.communes && codesOf(where.communes, territory, faults),
    where.near && codesNear(where.near, territory, faults),
    where.box && codesInBox(where.box, territory, faults),
  ].filter((codes) => codes instanceof Set);
  const tooLong = where.search ? longSearch(where.search, 'where.search') : undefined;
  if (tooLong) faults.push(tooLong);
  const words = where.search && !tooLong ? searchWords(where.search) : undefined;
  if (words?.length === 0) faults.push({ path: 'where.search', message: 'must hold at least one letter or digit' });
  if (where.activeAt && where.states)
    faults.push({
      path: 'where.states',
      message: 'must be left out beside activeAt, which finds what was in force then',
    });
  const incidents = where.incidents && incidentsOf(where.incidents, faults);
  const publications = where.publications && threadsOf(where.publications, faults);
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
    ...(where.updatedAfter ? { updatedAfter: instant(where.updatedAfter) } : {}),
    ...(incidents ? { incidents } : {}),
    ...(publications ? { publications } : {}),
    ...(words ? { search: words } : {}),
    ...(severities ? { severities } : {}),
    ...(where.hazards ? { hazards: new Set(where.hazards) } : {}),
    ...(where.categories ? { categories: new Set(where.categories) } : {}),
  };
}

const MOST_THREADS = 100;

/** The ids of threads; a view of another moment is refused, since it is none. */
export function threadsOf(ids: readonly string[], faults: FieldFault[]): Set<string> {
  if (ids.length > MOST_THREADS)
    faults.push({ path: 'where.publications', message: `must hold at most ${MOST_THREADS} threads` });
  return idsOf(ids, 'publications', 'the thread of a publication', faults);
}

/** The ids of incidents. */
export const incidentsOf = (ids: readonly string[], faults: FieldFault[]): Set<string> =>
  idsOf(ids, 'incidents', 'the id of an incident', faults);

function idsOf(ids: readonly string[], field: string, what: string, faults: FieldFault[]): Set<string> {
  ids.forEach((id, index) => {
    if (!isUuid(id)) faults.push({ path: `where.${field}.${index}`, message: `must be ${what}` });
  });
  return new Set(ids.map((id) => id.toLowerCase()));
}

/** Codes of today; an unknown one is a fault of the caller, better told than answered with nothing. */
export const codesOf = (codes: readonly string[], territory: Territory, faults: FieldFault[]): Set<string> =>
  new Set(codesOfToday(codes, 'where.communes', territory, faults));

function codesNear({ point, radiusMetres }: NearInput, territory: Territory, faults: FieldFault[]): Set<string> {
  if (radiusMetres < 1 || radiusMetres > MOST_METRES) {
    faults.push({ path: 'where.near.radiusMetres', message: `must lie between 1 and ${MOST_METRES}` });
    return new Set();
  }
  return new Set(territory.communesNear(point, radiusMetres).map(({ code }) => code));
}

function codesInBox(box: BoundingBox, territory: Territory, faults: FieldFault[]): Set<string> {
  const wrong = boxFaults(box);
  faults.push(...wrong);
  if (wrong.length > 0) return new Set();
  const { west, south, east, north } = box;
  const corners = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
  return new Set(territory.communesTouching({ type: 'Polygon', coordinates: [corners] }).map(({ code }) => code));
}

function boxFaults({ west, south, east, north }: BoundingBox): FieldFault[] {
  const within = (degrees: number, most: number) => Math.abs(degrees) <= most;
  const rules: [holds: boolean, field: keyof BoundingBox, message: string][] = [
    [within(west, 180), 'west', 'must lie between -180 and 180'],
    [within(south, 90), 'south', 'must lie between -90 and 90'],
    [within(east, 180) && west < east, 'east', 'must lie east of west, up to 180'],
    [within(north, 90) && south < north, 'north', 'must lie north of south, up to 90'],
  ];
  return rules.flatMap(([holds, field, message]) => (holds ? [] : [{ path: `where.box.${field}`, message }]));
}
