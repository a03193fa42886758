import { z } from 'zod';
import { optional } from '../publications/content/content.ts';
import { evidenceList } from '../publications/content/evidence.ts';
import { moment } from '../publications/content/moment.ts';
import { plainLine, plainText, webAddress } from '../publications/content/text/plain-text.ts';
import { pictureIds } from './pictures/read-pictures.ts';
import { CONCLUSIONS } from './report.rules.ts';

/** Names of people that stand in a text, to be taken out; none where nothing is given. */
export const namesOfPeople = optional(z.array(plainLine(200)).max(50, 'must hold at most 50 names')).transform(
  (list) => list ?? [],
);

export const reportInput = z.object({
  text: plainText(10_000),
  channel: plainLine(60),
  url: optional(webAddress),
  seenAt: moment,
  commune: optional(z.string()),
  point: optional(z.object({ lon: z.number().min(-180).max(180), lat: z.number().min(-90).max(90) })),
  category: optional(plainLine(60)),
  people: namesOfPeople,
  pictures: optional(pictureIds).transform((ids) => ids ?? []),
});
export type ReportContent = z.output<typeof reportInput>;

export const conclusionInput = z.object({
  state: z.enum(CONCLUSIONS, `must be one of ${CONCLUSIONS.join(', ')}`),
  explanation: plainText(5000),
  evidence: evidenceList,
});

export const reason = plainText(1000);
export const namesToMask = namesOfPeople.refine((list) => list.length > 0, 'must hold at least one name');
