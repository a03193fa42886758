import { stringify } from 'csv-stringify/sync';
import { momentCell, numberCell, textCell } from './cells.ts';

/** A column of a sheet: its heading, and what it shows of a row. */
export interface SheetColumn<Row> {
  heading: string;
  /** A cell as `textCell`, `numberCell` or `momentCell` writes it. */
  cell(row: Row): string;
}

/** Words, empty for null. */
export const wordColumn = <Row>(heading: string, read: (row: Row) => string | null): SheetColumn<Row> => ({
  heading,
  cell: (row) => textCell(read(row) ?? ''),
});

export const numberColumn = <Row>(heading: string, read: (row: Row) => number | null): SheetColumn<Row> => ({
  heading,
  cell: (row) => numberCell(read(row)),
});

export const truthColumn = <Row>(heading: string, read: (row: Row) => boolean): SheetColumn<Row> => ({
  heading,
  cell: (row) => (read(row) ? 'oui' : 'non'),
});

/**
 * A moment twice: as a spreadsheet sorts and filters it, in the time of Paris, and with its offset, since an hour of the
 * night in October comes twice.
 */
export const momentColumns = <Row>(heading: string, read: (row: Row) => string | null): SheetColumn<Row>[] => [
  { heading: `${heading} (heure de Paris)`, cell: (row) => momentCell(read(row)) },
  { heading: `${heading} (RFC 3339)`, cell: (row) => read(row) ?? '' },
];

/** A French spreadsheet opens it by a double click: semicolons between cells, since the comma is in numbers. */
const FRENCH_CSV = { delimiter: ';', quoted: true, quoted_empty: true, record_delimiter: 'windows' } as const;
/** Without it spreadsheets read UTF-8 as Windows-1252. */
const BYTE_ORDER_MARK = '\u{FEFF}';

/** The beginning of a sheet: the mark of UTF-8, and its headings. */
export const sheetHead = (headings: readonly string[]): string =>
  `${BYTE_ORDER_MARK}${stringify([headings.map(textCell)], FRENCH_CSV)}`;

/** Lines of a sheet, of cells that are written already (RFC 4180); each ends with CRLF. Nothing for no rows. */
export const sheetLines = (rows: readonly (readonly string[])[]): string =>
  stringify(
    rows.map((cells) => [...cells]),
    FRENCH_CSV,
  );
