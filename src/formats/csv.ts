import { stringify } from 'csv-stringify/sync';

/**
 * A table as CSV (RFC 4180): CRLF, UTF-8, the names of the columns first. A cell that a spreadsheet would take for a formula gets
 * an apostrophe before it, so that no cell starts with `= + - @`, a tab or a carriage return.
 */
export const csv = <Column extends string>(
  columns: readonly Column[],
  rows: readonly Readonly<Record<Column, string>>[],
): string =>
  stringify([...rows], { header: true, columns: [...columns], escape_formulas: true, record_delimiter: 'windows' });
