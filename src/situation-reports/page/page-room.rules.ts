import type { SituationParts } from '../situation-report.rules.ts';

/**
 * The room of the printed page: A4 with margins of 10 mm, words at 9 pt on lines of 11 pt. A test prints the longest that these
 * let through, and counts the pages.
 */

/** The width of words, in em of 9 pt; a little less than there is. */
export const WORDS_EM = 58;
/** That of what stands beside a name. */
export const BESIDE_EM = 46;
/** That of the heading, which is larger and bold. */
export const HEADING_EM = 34;

/** The most lines that each part of the words may take. */
export const PART_LINES = { situation: 10, measures: 7, outlook: 5, wanted: 4 } as const satisfies Partial<
  Record<keyof SituationParts, number>
>;
export const TOLL_LINES = 1;
/** The most lines of a list of names. */
export const LIST_LINES = { communes: 2, sources: 1 } as const;
/** The most headlines, of a line each. */
export const HEADLINES = 4;
