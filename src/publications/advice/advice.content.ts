import { z } from 'zod';
import { commonContent, inLanguages, optional } from '../content/content.ts';
import { hazardCode } from '../content/hazards.ts';
import { languageTag } from '../content/language.rules.ts';
import { plainLine } from '../content/text/plain-text.ts';
import type { Frozen, Public } from '../frozen.ts';

export const PHASES = ['BEFORE', 'DURING', 'AFTER'] as const;

const lines = z.array(plainLine(500)).max(30);
const items = z.object({ language: languageTag, dos: lines, donts: lines });

/** What to do and what to leave about a hazard, before, during or after it; without an area it holds everywhere. */
export const adviceContent = z.object({
  ...commonContent,
  hazard: hazardCode,
  phase: z.enum(PHASES),
  audience: optional(plainLine(200)),
  items: inLanguages(items, 'the items'),
});
export type AdviceContent = z.output<typeof adviceContent>;

export type AdviceDocument = Frozen & Public<AdviceContent> & { kind: 'ADVICE' };

export const isAdvice = <D extends Frozen>(document: D): document is D & AdviceDocument => document.kind === 'ADVICE';
