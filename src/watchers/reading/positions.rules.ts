import type { Position } from 'geojson';
import { looksSwapped } from '../../territory/geometry.rules.ts';

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const BETWEEN_GROUPS = /[\s;|/()[\]{}]+/;
/** Signs around numbers that change nothing of them: degrees, and the halves of the earth on which France lies. */
const HEMISPHERE = /(?<=\d\s?)°?\s?[NE](?=[\s,;)\]]|$)|°/g;

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
  text
    .normalize('NFKC')
    .replaceAll('\u2212', '-')
    .replace(HEMISPHERE, '')
    .split(BETWEEN_GROUPS)
    .map((group) => group.split(',').filter((number) => number !== ''))
    .filter((group) => group.length > 0);

/** The ways in which numbers may be meant; the first that gives places on earth holds. */
const READINGS: readonly ((groups: Groups) => string[][] | null)[] = [
  // With an altitude: 48.69,2.29,0 48.70,2.29,0, or the same number each third time.
  (groups) =>
    groups.every(({ length }) => length === 3) || hasSameThirds(groups.flat()) ? inRows(groups.flat(), 3) : null,
  (groups) => inRows(groups.flat(), 2),
  // Commas of decimals: 48,6936 2,2937.
  (groups) =>
    groups.every((group) => group.length === 2 && group.every((number) => /^[+-]?\d+$/.test(number)))
      ? inRows(
          groups.map((group) => group.join('.')),
          2,
        )
      : null,
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
