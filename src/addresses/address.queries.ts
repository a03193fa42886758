import type { Actor } from '../access/actor.ts';
import { demand } from '../access/permissions.rules.ts';
import { parisTimeIf } from '../clock.ts';
import type { Sql } from '../database/sql.ts';
import { invalidInput } from '../errors.ts';
import { demandFirst } from '../paging/page.rules.ts';
import type { LonLat, Territory } from '../territory/territory.ts';
import { type AddressView, addressView } from './address-view.rules.ts';
import type { KnownWords } from './known-words.ts';
import type { Geocoder } from './remote/geocoder.ts';
import { asLexeme, readTyped, type TypedAddress } from './typed-address.rules.ts';
import type { WordsAlike } from './words-alike.rules.ts';

/** The addresses that a search found, the best first. */
export interface AddressesFound {
  nodes: AddressView[];
  /** Null while no file was loaded: then there is nothing to find. */
  loadedAt: string | null;
}

/** The database and the communes that addresses are read from. */
export interface AddressSources {
  /** With parameters, never with values in the statement: what people look for stands in no list or log of statements. */
  sql: Sql;
  territory: Pick<Territory, 'byCode' | 'touchesDepartement'>;
  /** The words that mistyped ones are known by. */
  words: KnownWords;
  /** Another's, which is asked where the hub finds nothing; undefined unless the operator set one. */
  geocoder?: Pick<Geocoder, 'search' | 'nearest'> | undefined;
}

interface AddressSearch {
  search: string;
  near: LonLat | null;
  first: number;
}

interface AddressRow {
  name: string;
  postalCode: string | null;
  commune: string;
  number: number | null;
  suffix: string | null;
  lon: number;
  lat: number;
  metres: number | null;
}

interface FoundRow extends AddressRow {
  loadedAt: Date;
  /** Null in the one row of a search that found nothing. */
  id: number | null;
  bearsNumber: boolean;
  isExact: boolean | null;
}

const MOST_ADDRESSES = 20;
const LONGEST_SEARCH = 200;
/** Streets among which the number is looked for: those whose words fit best. */
const MOST_STREETS = 60;
/** Farther away than that, an address says nothing about a point. */
const FARTHEST_METRES = 1_000;
/** A degree of latitude; the factor is that of the index on points. */
const DEGREE_METRES = 111_195;
const WIDTH = 0.6626;

/**
 * Addresses by what somebody typed, the best first. One statement; where that finds nothing, the same once more with words which look
 * like the typed ones. INVALID_INPUT names the argument that cannot be; `path` is that of the search.
 */
export async function searchAddresses(
  { sql, territory, words, geocoder }: AddressSources,
  actor: Actor | null,
  { search, near, first }: AddressSearch,
  path = 'search',
): Promise<AddressesFound> {
  demand(actor, 'readAddresses');
  demandFirst(first, MOST_ADDRESSES);
  demandShort(search, path);
  if (near) demandOnEarth(near);
  const typed = readTyped(search);
  const find = (query: string | null) => sql<FoundRow>(FOUND, parametersOf(typed, query, near, first));
  // Null, which finds nothing, for what is too little to look for.
  const asTyped = await find(typed?.words.map(({ begun }) => begun).join(' & ') ?? null);
  const loadedAt = asTyped[0]?.loadedAt;
  const isFound = asTyped.some(({ id }) => id !== null);
  const alike = typed && loadedAt && !isFound ? alikeTo(typed, await words.of(loadedAt)) : undefined;
  const rows = alike === undefined ? asTyped : await find(alike);
  const nodes = rows.flatMap((row) => {
    const isApproximate = Boolean(typed?.number) && !row.bearsNumber && !row.isExact;
    return row.id === null ? [] : viewsOf(row, territory, isApproximate);
  });
  const others = nodes.length === 0 && typed ? await geocoder?.search(search, near, first) : undefined;
  return { loadedAt: parisTimeIf(loadedAt), nodes: others ?? nodes };
}

/** The typed words, each with those that look like it; undefined where there are none. */
function alikeTo({ words }: TypedAddress, known: WordsAlike): string | undefined {
  const withOthers = words.map(({ begun, trigrams }) => {
    const others = trigrams.length > 0 ? known.to(trigrams).map(asLexeme) : [];
    return others.length > 0 ? `(${[begun, ...others].join(' | ')})` : begun;
  });
  return withOthers.some((word, index) => word !== words[index]?.begun) ? withOthers.join(' & ') : undefined;
}

/** The address that is nearest to a point; null where none is near, or no file was loaded. */
export async function nearestAddress(
  { sql, territory, geocoder }: AddressSources,
  actor: Actor | null,
  point: LonLat,
): Promise<AddressView | null> {
  demand(actor, 'readAddresses');
  const { lon, lat } = point;
  if (!isOnEarth(point) || !territory.touchesDepartement({ type: 'Point', coordinates: [lon, lat] }))
    throw invalidInput([{ path: 'point', message: 'must lie in the Essonne (5 km tolerance); lon comes first' }]);
  const [row] = await sql<AddressRow>(NEAREST, [lon, lat]);
  const [own] = row && row.metres !== null && row.metres <= FARTHEST_METRES ? viewsOf(row, territory, false) : [];
  return own ?? (await geocoder?.nearest(point)) ?? null;
}

function demandShort(search: string, path: string): void {
  if (search.length > LONGEST_SEARCH)
    throw invalidInput([{ path, message: `must have at most ${LONGEST_SEARCH} characters` }]);
}

const isOnEarth = ({ lon, lat }: LonLat): boolean => Math.abs(lon) <= 180 && Math.abs(lat) <= 90;

function demandOnEarth(near: LonLat): void {
  if (!isOnEarth(near))
    throw invalidInput([{ path: 'near', message: 'must have lon between -180 and 180, lat between -90 and 90' }]);
}

/** An address in a commune that the hub knows; others it cannot answer. */
function viewsOf(row: AddressRow, territory: Pick<Territory, 'byCode'>, approximate: boolean): AddressView[] {
  const { name: street, postalCode, number, suffix, lon, lat, metres: distanceMetres } = row;
  const commune = territory.byCode(row.commune);
  if (!commune) return [];
  const houseNumber = number === null ? null : `${number} ${suffix ?? ''}`.trim();
  const place = { lon, lat, distanceMetres, approximate, remote: false };
  return [addressView({ houseNumber, street, postalCode, commune, ...place })];
}

function parametersOf(
  typed: TypedAddress | undefined,
  query: string | null,
  near: LonLat | null,
  first: number,
): unknown[] {
  return [
    query,
    typed?.words.map(({ whole }) => whole).join(' & ') ?? null,
    typed?.numberAsWord ?? null,
    typed?.number?.value ?? null,
    typed?.number?.suffixes ?? [],
    near?.lon ?? null,
    near?.lat ?? null,
    first,
  ];
}

const placeOf = (lon: string, lat: string): string => `point(${lon} * ${WIDTH}, ${lat})`;
const NEAR = placeOf('$6::float8', '$7::float8');
const metresTo = (distance: string): string => `round(${DEGREE_METRES} * (${distance}))::int as metres`;

/**
 * Streets by their words, then the number in each, or the one nearest to it. Whole words go before beginnings, then what is nearer to the
 * point, if there is one, then names of fewer words and streets of more numbers. A query that is null finds nothing, and says all the same
 * when the file was loaded.
 */
const FOUND = `
  with found as (
    select s.id, s.name, s.postal_code, s.commune, s.lon, s.lat, s.name_words, s.numbers,
      coalesce(s.search @@ $3::tsquery, false) as bears_number, s.search @@ $2::tsquery as is_whole,
      ${placeOf('s.lon', 's.lat')} <-> ${NEAR} as away
    from address_street s where s.search @@ $1::tsquery
    order by bears_number desc, is_whole desc, away, name_words, numbers desc, id
    limit ${MOST_STREETS}
  ), placed as (
    select f.id, f.name, f.postal_code as "postalCode", f.commune, f.bears_number as "bearsNumber", n.number, n.suffix,
      coalesce(n.lon, f.lon) as lon, coalesce(n.lat, f.lat) as lat,
      n.number = $4::int and n.suffix = any($5::text[]) as "isExact",
      row_number() over (order by f.bears_number desc, f.is_whole desc, f.away, f.name_words,
        (n.number = $4::int and n.suffix = any($5::text[])) desc nulls last, f.numbers desc, f.id) as rank
    from found f left join lateral (
      select n.* from address_number n where n.street_id = f.id and not f.bears_number
      order by abs(n.number - $4::int), array_position($5::text[], n.suffix), n.suffix limit 1
    ) n on $4::int is not null
  )
  select l.loaded_at as "loadedAt", p.*, ${metresTo(`${placeOf('p.lon', 'p.lat')} <-> ${NEAR}`)}
  from address_load l left join placed p on p.rank <= $8::int
  order by p.rank`;

const NEAREST = `
  select s.name, s.postal_code as "postalCode", s.commune, n.number, n.suffix, n.lon, n.lat,
    ${metresTo('n.away')}
  from (
    select *, ${placeOf('lon', 'lat')} <-> ${placeOf('$1::float8', '$2::float8')} as away
    from address_number order by away limit 1
  ) n join address_street s on s.id = n.street_id`;
