import { z } from 'zod';
import { commonContent, FRENCH, languageTag, optional } from '../content/content.ts';
import { hazardCode } from '../content/hazards.ts';
import { plainText } from '../content/plain-text.ts';
import type { Frozen, Public } from '../frozen.ts';

export const PHASES = ['BEFORE', 'DURING', 'AFTER'] as const;

const lines = z.array(plainText(500)).max(30);
const items = z.object({ language: languageTag, dos: lines, donts: lines });

const itemsSchema = z
  .array(items)
  .max(40)
  .superRefine((list, context) => {
    const languages = list.map(({ language }) => language);
    if (!languages.includes(FRENCH))
      context.addIssue({ code: 'custom', message: `must hold the items in French (language ${FRENCH})` });
    languages.forEach((language, index) => {
      if (languages.indexOf(language) !== index)
        context.addIssue({ code: 'custom', path: [index, 'language'], message: `${language} stands here twice` });
    });
  });

/** What to do and what to leave about a hazard, before, during or after it; without an area it holds everywhere. */
export const adviceContent = z.object({
  ...commonContent,
  hazard: hazardCode,
  phase: z.enum(PHASES),
  audience: optional(plainText(200)),
  items: itemsSchema,
});
export type AdviceContent = z.output<typeof adviceContent>;

export type AdviceDocument = Frozen & Public<AdviceContent> & { kind: 'ADVICE' };

export const isAdvice = (document: Frozen): document is AdviceDocument => document.kind === 'ADVICE';
