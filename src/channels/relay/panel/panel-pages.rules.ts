import { GLUE } from './panel-letters.rules.ts';

/** How much a panel shows at one time. */
export interface PanelSize {
  lines: number;
  columns: number;
}

/** Panels turn pages every few seconds: a passer-by sees no more of them. */
export const MOST_PAGES = 2;

/** The lines of a text; null where a word is longer than a line. A word breaks behind a hyphen of its own alone. */
export function panelLines(text: string, columns: number): string[] | null {
  const lines: string[] = [];
  for (const written of text.split('\n')) {
    let line = '';
    for (const [part, between] of partsOf(written, columns)) {
      if (part.length > columns) return null;
      const longer = line === '' ? part : `${line}${between}${part}`;
      if (longer.length <= columns) line = longer;
      else {
        lines.push(line);
        line = part;
      }
    }
    if (line !== '') lines.push(line);
  }
  return lines;
}

type Pieces = [part: string, between: string][];

function partsOf(text: string, columns: number): Pieces {
  const words = text.split(' ').flatMap((word) => (word.length <= columns ? [word] : word.split(GLUE)));
  return words
    .filter((word) => word !== '')
    .map((word) => word.replaceAll(GLUE, ' '))
    .flatMap((word): Pieces => {
      if (word.length <= columns) return [[word, ' ']];
      return word.split(/(?<=[\p{L}\d]-)(?=[\p{L}\d])/u).map((part, index) => [part, index === 0 ? ' ' : '']);
    });
}

/**
 * Sets blocks of lines on pages; null where there are not enough of them. No block is split between two pages, since each
 * page is read alone, and the second begins with what must stand on every page.
 */
export function panelPages(
  blocks: readonly (readonly string[])[],
  onEveryPage: readonly string[],
  { lines }: PanelSize,
): string[][] | null {
  const pages: string[][] = [];
  let page: string[] | undefined;
  for (const block of blocks) {
    if (page && page.length + block.length <= lines) page.push(...block);
    else {
      page = page ? [...onEveryPage, ...block] : [...block];
      if (page.length > lines) return null;
      pages.push(page);
    }
  }
  return pages.length <= MOST_PAGES ? pages : null;
}
