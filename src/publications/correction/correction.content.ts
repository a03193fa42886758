import { z } from 'zod';
import { apiWords } from '../content/api-words.ts';
import { commonContent, optional } from '../content/content.ts';
import { plainLine, plainText, webAddress } from '../content/text/plain-text.ts';
import type { Frozen, Public } from '../frozen.ts';

export const VERDICTS = [
  'TRUE',
  'MOSTLY_TRUE',
  'PARTLY_TRUE',
  'MISLEADING',
  'FALSE',
  'UNVERIFIABLE',
  'OUTDATED',
  'OUT_OF_CONTEXT',
  'SATIRE',
] as const;
export type Verdict = (typeof VERDICTS)[number];

export const API_VERDICTS = apiWords(VERDICTS, {
  TRUE: 'ACCURATE',
  MOSTLY_TRUE: 'MOSTLY_ACCURATE',
  PARTLY_TRUE: 'PARTLY_ACCURATE',
  FALSE: 'INACCURATE',
});

const evidence = z.object({
  label: plainLine(300),
  url: webAddress,
  official: z.boolean().default(false),
  independenceGroup: optional(plainLine(100)),
});

/** The published answer to a rumour: what was claimed, what is true of it, and what that rests on. */
export const correctionContent = z.object({
  ...commonContent,
  claim: plainText(1000),
  verdict: API_VERDICTS.read,
  explanation: plainText(10_000),
  evidence: z.array(evidence).min(1, 'must name at least one piece of evidence').max(50),
});
export type CorrectionContent = z.output<typeof correctionContent>;

export type CorrectionDocument = Frozen & Public<CorrectionContent> & { kind: 'CORRECTION' };
