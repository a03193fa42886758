import type { Position } from 'geojson';
import { looksSwapped } from '../../territory/geometry.rules.ts';

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const BETWEEN_GROUPS = /[\s;|/()[\]{}:_·،]+/;
/** Words around numbers that change nothing of them: of WKT, of a geo address, of JSON, and the name of the system. */
const WORDS =
  /\b(?:srid ?= ?\d+|epsg ?: ?\d+|wgs ?84|geo:|(?:multi)?(?:point|linestring|polygon)(?: ?zm?| ?m)?(?= ?\())|["']?\b(?:lat|lon|lng|long|latitude|longitude)\b["']?\s{0,5}[:=]/gi;
const SEXAGESIMAL =
  /(?<!\d)(\d{1,3})°\s?(\d{1,2}(?:[.,]\d{1,9})?)\s?['’′](?:\s?(\d{1,2}(?:[.,]\d{1,9})?)\s?(?:["”″]|['’′]{2}))?/g;
const DEGREES = String.raw`([\d.,]{0,20}\d)\s?°?\s?`;
/** The halves of the earth behind the numbers of a place, or before them. O is the French West. */
const HEMISPHERES_BEHIND = new RegExp(`${DEGREES}([NS])([\\s,;/|]{0,5})${DEGREES}([EWO])(?![a-z])`, 'gi');
const HEMISPHERES_BEFORE = new RegExp(`(?<![a-z])([NS])\\s?${DEGREES}([\\s,;/|]{0,5})([EWO])\\s?${DEGREES}`, 'gi');
/** Most shapes are long and hold nothing else: those are read at once. */
const NUMBERS_ALONE = /^[\d\s.,+-]*$/;
/** France and what is near it: a place here needs no other reading. */
const NEAR = { lat: [41, 52], lon: [-6, 10] } as const;

type Groups = readonly (readonly string[])[];

/**
 * Positions in a text, longitude first, of a text that has the latitude first: numbers in pairs, whatever parts them. An
 * altitude is passed over. Null where the text holds anything else, or a position that is not on earth.
 */
export function positionsOf(text: string): Position[] | null {
  const groups = groupsOf(text);
  if (groups.length === 0 || !groups.flat().every((number) => NUMBER.test(number))) return null;
  for (const reading of READINGS) {
    const positions = reading(groups)?.map(([lat, lon]): Position => [Number(lon), Number(lat)]);
    if (positions?.every(isOnEarth)) return positions.every(looksSwapped) ? positions.map(swapped) : positions;
  }
  return null;
}

/** The numbers of a text as they were written, in the groups that blanks and brackets make of them. */
const groupsOf = (text: string): Groups =>
  (NUMBERS_ALONE.test(text) ? text : inSigns(text))
    .split(BETWEEN_GROUPS)
    .map((group) => group.split(',').filter((number) => number !== ''))
    .filter((group) => group.length > 0);

/** A text with signs alone between and before its numbers, in place of words, degrees and halves of the earth. */
const inSigns = (text: string): string =>
  text
    .replaceAll('º', '°')
    .normalize('NFKC')
    .replaceAll('\u2212', '-')
    .replace(WORDS, ' ')
    .replace(SEXAGESIMAL, inDegrees)
    .replace(HEMISPHERES_BEHIND, (_, lat, north, between, lon, east) => signed({ lat, north, between, lon, east }))
    .replace(HEMISPHERES_BEFORE, (_, north, lat, between, east, lon) => signed({ lat, north, between, lon, east }))
    .replaceAll('°', '');

function inDegrees(_whole: string, degrees: string, minutes: string, seconds = '0'): string {
  const [min, sec] = [minutes, seconds].map((part) => Number(part.replace(',', '.')));
  return String(Number(degrees) + (min ?? 0) / 60 + (sec ?? 0) / 3600);
}

/** The numbers of a place with signs in place of the halves of the earth, as parted as they were. */
function signed({
  lat,
  north,
  between,
  lon,
  east,
}: Record<'lat' | 'north' | 'between' | 'lon' | 'east', string>): string {
  const south = /s/i.test(north) ? '-' : '';
  const west = /[wo]/i.test(east) ? '-' : '';
  return `${south}${lat}${between || ' '}${west}${lon}`;
}

/** Numbers with a comma of decimals in each, paired: 48,6936 2,2937. */
const withCommas = (groups: Groups): string[][] | null =>
  groups.every((group) => group.length === 2 && group.every((number) => /^[+-]?\d+$/.test(number)))
    ? inRows(
        groups.map((group) => group.join('.')),
        2,
      )
    : null;

const isNear = ([lat, lon]: readonly string[]): boolean =>
  Number(lat) > NEAR.lat[0] && Number(lat) < NEAR.lat[1] && Number(lon) > NEAR.lon[0] && Number(lon) < NEAR.lon[1];

/** The ways in which numbers may be meant; the first that gives places on earth holds. */
const READINGS: readonly ((groups: Groups) => string[][] | null)[] = [
  // Commas of decimals where that is a place near here: 48,69 2,29.
  (groups) => {
    const pairs = withCommas(groups);
    return pairs?.every(isNear) ? pairs : null;
  },
  // With an altitude: 48.69,2.29,0 48.70,2.29,0, or the same number each third time.
  (groups) =>
    groups.every(({ length }) => length === 3) || hasSameThirds(groups.flat()) ? inRows(groups.flat(), 3) : null,
  (groups) => inRows(groups.flat(), 2),
  withCommas,
  (groups) => (groups.every(({ length }) => length === groups[0]?.length) ? inRows(groups.flat(), 3) : null),
];

const hasSameThirds = (numbers: readonly string[]): boolean =>
  numbers.length >= 6 &&
  numbers.length % 3 === 0 &&
  numbers.every((number, index) => index % 3 !== 2 || Number(number) === Number(numbers[2])) &&
  Number(numbers[2]) === 0;

function inRows(numbers: readonly string[], length: number): string[][] | null {
  if (numbers.length % length !== 0) return null;
  return Array.from({ length: numbers.length / length }, (_, row) => numbers.slice(row * length, (row + 1) * length));
}

const isOnEarth = ([lon = Number.NaN, lat = Number.NaN]: Position): boolean =>
  Math.abs(lat) <= 90 && Math.abs(lon) <= 180;

const swapped = ([lon = 0, lat = 0]: Position): Position => [lat, lon];
