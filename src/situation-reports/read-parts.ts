import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import { instant } from '../clock.ts';
import { sqlIn } from '../database/sql-in.ts';
import { type FieldFault, invalidInput, readInput } from '../errors.ts';
import { optional } from '../publications/content/content.ts';
import { moment } from '../publications/content/moment.ts';
import { plainLine, plainText } from '../publications/content/text/plain-text.ts';
import { BESIDE_EM, PART_LINES, TOLL_LINES, WORDS_EM } from './page/page-room.rules.ts';
import { printedLines } from './page/printed-lines.rules.ts';
import type { SituationParts } from './situation-report.rules.ts';

/** So much in characters, whatever their width, before lines are counted. */
const LONGEST = 4_000;
const SIGNS_A_LINE = 100;

/** A text that takes so many lines of the printed page at most: with more the page would be two. */
const within = (text: z.ZodType<string>, lines: number, em: number) =>
  text.pipe(
    z.string().superRefine((value, context) => {
      const takes = printedLines(value, em);
      if (takes <= lines) return;
      const most = lines === 1 ? 'one line' : `${lines} lines`;
      const message = `must fit on ${most} of the page, of some ${SIGNS_A_LINE} characters each; it takes ${takes}`;
      context.addIssue({ code: 'custom', message });
    }),
  );
const part = (name: keyof typeof PART_LINES) => within(plainText(LONGEST), PART_LINES[name], WORDS_EM);

const partsInput = z.object({
  situation: part('situation'),
  measures: optional(part('measures')),
  outlook: optional(part('outlook')),
  wanted: optional(part('wanted')),
  toll: optional(
    z.object({
      figure: within(plainLine(200), TOLL_LINES, BESIDE_EM),
      source: z.uuid('must be the id of an organisation').transform((id) => id.toLowerCase()),
      countedAt: moment,
    }),
  ),
  nextAt: optional(moment),
});

/** Words as somebody wrote them. INVALID_INPUT names every part that is wrong, and what it may be. */
export async function readParts(em: EntityManager, input: unknown, now: Date): Promise<SituationParts> {
  const parts = readInput(partsInput, input, 'parts');
  const { toll, nextAt } = parts;
  const faults: FieldFault[] = [];
  if (toll && instant(toll.countedAt) > now.getTime())
    faults.push({ path: 'parts.toll.countedAt', message: 'must not lie in the future, by the clock of PostgreSQL' });
  if (nextAt !== null && instant(nextAt) <= now.getTime())
    faults.push({ path: 'parts.nextAt', message: 'must lie in the future, by the clock of PostgreSQL' });
  if (toll && !(await isPrefecture(em, toll.source)))
    faults.push({ path: 'parts.toll.source', message: 'must be the id of an organisation of kind PREFECTURE' });
  if (faults.length > 0) throw invalidInput(faults);
  return parts;
}

/** The toll of a crisis is the préfecture's to tell. */
async function isPrefecture(em: EntityManager, id: string): Promise<boolean> {
  const found = await sqlIn(em)(`select from organisation where id = ?::uuid and kind = 'PREFECTURE'`, [id]);
  return found.length > 0;
}
