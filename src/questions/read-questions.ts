import { z } from 'zod';
import { readInput } from '../errors.ts';
import { plainLine, plainText } from '../publications/content/text/plain-text.ts';
import { masking } from '../reports/personal/personal.rules.ts';
import { isUuid } from '../uuid.ts';

/** The most reports that one mutation names. */
const MOST_NAMED = 100;

const ids = z
  .array(z.string().refine(isUuid, 'must be the id of a report').toLowerCase())
  .min(1, 'must name one report at least')
  .max(MOST_NAMED, `must name at most ${MOST_NAMED} reports`)
  .refine((list) => new Set(list).size === list.length, 'must name each report once');

const title = plainLine(120);
const note = plainText(500);

/** Ids of reports, each once, at most 100. */
export const readReportIds = (input: unknown): string[] => readInput(ids, input, 'reports');

/** A title, without numbers and accounts of people: it stays, where what identifies people in a report goes. */
export const readTitle = (input: unknown): string => masking([]).mask(readInput(title, input, 'title'));

/** The same of a remark. */
export const readNote = (input: unknown, path: string): string => masking([]).mask(readInput(note, input, path));
