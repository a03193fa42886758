import { z } from 'zod';
import { instant } from '../clock.ts';
import { type FieldFault, invalidInput, readInput } from '../errors.ts';
import { optional, optionalId } from '../publications/content/content.ts';
import { moment } from '../publications/content/moment.ts';
import { plainLine, plainText } from '../publications/content/text/plain-text.ts';
import { codesOfToday, type Territory } from '../territory/territory.ts';
import { CORRECTING, LOG_AUDIENCES, LOG_KINDS } from './log-line.rules.ts';

const ofHand = LOG_KINDS.filter((kind) => kind !== 'DEED');
/** More than the Département has communes. */
const MOST_COMMUNES = 300;

const lineInput = z.object({
  kind: z.enum(ofHand, `must be one of ${ofHand.join(', ')}: the hub alone writes a DEED`),
  happenedAt: optional(moment),
  sender: optional(plainLine(200)),
  recipient: optional(plainLine(200)),
  means: optional(plainLine(60)),
  text: plainText(4_000),
  important: z.boolean().default(false),
  audience: z.enum(LOG_AUDIENCES).default('CELL'),
  corrects: optionalId,
  publication: optionalId,
  report: optionalId,
  communes: optional(z.array(z.string()).max(MOST_COMMUNES, `must hold at most ${MOST_COMMUNES} communes`)).transform(
    (codes) => codes ?? [],
  ),
});
export type LineByHand = z.output<typeof lineInput>;

/** A line that somebody wrote, with codes of communes as of today. INVALID_INPUT names every fault, paths below `input`. */
export function readLogLine(input: unknown, territory: Pick<Territory, 'byCode'>, now: Date): LineByHand {
  const line = readInput(lineInput, input, 'input');
  const faults: FieldFault[] = [];
  if (line.happenedAt !== null && instant(line.happenedAt) > now.getTime())
    faults.push({ path: 'input.happenedAt', message: 'must not lie in the future, by the clock of PostgreSQL' });
  if (line.kind === CORRECTING && line.corrects === null)
    faults.push({ path: 'input.corrects', message: 'must be the id of the line that is corrected' });
  if (line.kind !== CORRECTING && line.corrects !== null)
    faults.push({ path: 'input.kind', message: 'must be CORRECTION where `corrects` is given' });
  const communes = codesOfToday(line.communes, 'input.communes', territory, faults);
  if (faults.length > 0) throw invalidInput(faults);
  return { ...line, communes };
}
