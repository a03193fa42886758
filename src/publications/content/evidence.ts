import { z } from 'zod';
import { optional } from './content.ts';
import { plainLine, webAddress } from './text/plain-text.ts';

/** What a judgement rests on: the conclusion of a report, the correction of a rumour. */
export const evidenceSchema = z.object({
  label: plainLine(500),
  url: webAddress,
  official: optional(z.boolean()).transform((official) => official ?? false),
  /** Sources that draw on one origin share a group; null where nobody vouches for independence. */
  independenceGroup: optional(plainLine(100)),
});

export const evidenceList = z.array(evidenceSchema).max(50, 'must hold at most 50 pieces of evidence');
