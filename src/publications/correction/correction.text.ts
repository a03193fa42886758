import { paragraph } from '../content/block.ts';
import { FRENCH } from '../content/language.rules.ts';
import type { TextFace } from '../kind/text.ts';
import type { CorrectionDocument } from './correction.content.ts';
import { CORRECTION_WORDS } from './correction.words.ts';

export const correctionText: TextFace<CorrectionDocument> = {
  lead: ({ claim, verdict }, { language }, tongue) => {
    const words = CORRECTION_WORDS[tongue];
    // The claim stands in French alone, as it went round.
    return [
      ...paragraph(language === FRENCH ? words.claim(claim) : null),
      ...paragraph(words.verdict(words.verdicts[verdict])),
    ];
  },
  details: ({ explanation }, { language }) => paragraph(language === FRENCH ? explanation : null),
  tags: (_document, tongue) => [CORRECTION_WORDS[tongue].kind],
};
