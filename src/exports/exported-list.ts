import type { EntityManager } from '@mikro-orm/postgresql';
import type { Action } from '../access/permissions.rules.ts';
import type { SheetColumn } from '../formats/sheet/sheet.ts';

/** Most rows of one file: spreadsheets hold more, but nobody reads them. */
export const MOST_ROWS = 50_000;

/** Opening an export takes these. The caller has checked the actor's permission. */
export interface ExportWork {
  /** A fresh unit of work. */
  em: EntityManager;
  /** As of which moment. */
  at: Date;
}

/** A list as it stands at one moment, about to be sent. */
export interface OpenedExport {
  /** How many rows it has; above `MOST_ROWS` it need not be exact. */
  total: number;
  /** Its rows as cells of a sheet, page after page, so that no more than a page is in memory. */
  pages(): AsyncGenerator<readonly (readonly string[])[]>;
  /** Lets go of what held the moment. */
  close(): Promise<void>;
}

/** A list that staff take away as a file. A new one is one of these, and a line in `hub/desk/open-exports.ts`. */
export interface ExportedList {
  /** The query of the API whose arguments it takes, and the name of its address. */
  field: string;
  /** The name of its rows, as a part of a file's name. */
  noun: string;
  action: Action;
  /** The argument that makes it shorter. */
  narrowedBy: string;
  headings: readonly string[];
  /** The words of its closed lists, where they are others than those of the rest of the desk. */
  words?: Readonly<Record<string, string>>;
  /** Throws INVALID_INPUT for arguments that the list of the API refuses as well. */
  open(given: Readonly<Record<string, unknown>>, work: ExportWork): Promise<OpenedExport>;
}

export const headingsOf = (columns: readonly SheetColumn<never>[]): string[] => columns.map(({ heading }) => heading);

/** The cells of rows, column by column. */
export const cellsOf = <Row>(columns: readonly SheetColumn<Row>[], rows: readonly Row[]): string[][] =>
  rows.map((row) => columns.map(({ cell }) => cell(row)));
