import { isWritableText } from '../../database/writable-text.rules.ts';
import type { Box } from '../../territory/segments.rules.ts';
import type { Territory } from '../../territory/territory.ts';
import { plainWords } from '../street-words.rules.ts';
import { AddressFileFault } from './file-fault.ts';

/** An address, or a place, as a line of the file has it. */
export interface FileAddress {
  readonly street: string;
  readonly postalCode: string | null;
  /** By its code of today. */
  readonly commune: string;
  /** Null for a place without numbers. */
  readonly number: number | null;
  readonly suffix: string;
  readonly lon: number;
  readonly lat: number;
}

/** Where addresses of the hub's Département may lie. */
export interface FileTerritory extends Pick<Territory, 'byCode'> {
  readonly box: Box;
}

/** The columns of the Base Adresse Nationale that are read, by their names: their order changes from one edition to the next. */
const COLUMNS = ['numero', 'rep', 'nom_voie', 'code_postal', 'code_insee', 'lon', 'lat'] as const;
type Column = (typeof COLUMNS)[number];
export type Columns = Readonly<Record<Column, number>> & { readonly count: number };

const LONGEST_NAME = 200;
const LONGEST_SUFFIX = 10;
const DEGREES = /^-?\d{1,3}(?:\.\d{1,15})?$/;

/** Where each column stands. Throws an AddressFileFault that names those that lack. */
export function columnsOf(heading: readonly string[]): Columns {
  const names = heading.map((name) => name.trim().toLowerCase());
  const lacking = COLUMNS.filter((column) => !names.includes(column));
  if (lacking.length > 0)
    throw new AddressFileFault([
      `the first line lacks ${lacking.join(', ')}: expected the columns of the Base Adresse Nationale, between semicolons`,
    ]);
  const places = Object.fromEntries(COLUMNS.map((column) => [column, names.indexOf(column)])) as Record<Column, number>;
  return { ...places, count: names.length };
}

/** Reads the cells of a line; answers why it cannot be read, in words that name the column. */
export function readAddressLine(
  cells: readonly string[],
  columns: Columns,
  territory: FileTerritory,
): FileAddress | string {
  if (cells.length !== columns.count) return `${cells.length} columns, where the first line has ${columns.count}`;
  const cell = (column: Column) => (cells[columns[column]] ?? '').trim();
  const street = cell('nom_voie');
  if (street === '' || street.length > LONGEST_NAME || !isWritableText(street))
    return `nom_voie: expected 1 to ${LONGEST_NAME} characters`;
  const postalCode = cell('code_postal');
  if (!/^(?:\d{5})?$/.test(postalCode)) return `code_postal: expected five digits, or nothing`;
  const commune = territory.byCode(cell('code_insee'))?.code;
  if (!commune) return `code_insee: ${shown(cell('code_insee'))} is not the INSEE code of a commune of the Essonne`;
  const [lon, lat] = [degrees(cell('lon')), degrees(cell('lat'))];
  if (lon === undefined || lat === undefined) return 'lon and lat: expected degrees such as 2.2945';
  if (!isIn(territory.box, lon, lat)) return `lon ${lon}, lat ${lat}: expected a point in the Essonne`;
  const number = cell('numero');
  if (!/^\d{0,5}$/.test(number)) return 'numero: expected at most five digits';
  const suffix = plainWords(cell('rep')).join('');
  if (suffix.length > LONGEST_SUFFIX) return `rep: expected at most ${LONGEST_SUFFIX} letters`;
  const place = { street, postalCode: postalCode || null, commune, lon, lat };
  return { ...place, number: number === '' ? null : Number(number), suffix };
}

const degrees = (text: string): number | undefined => (DEGREES.test(text) ? Number(text) : undefined);

const isIn = ([west, south, east, north]: Box, lon: number, lat: number): boolean =>
  lon >= west && lon <= east && lat >= south && lat <= north;

/** A cell as an operator's terminal may show it. */
const shown = (text: string): string => JSON.stringify(text.slice(0, 20));
