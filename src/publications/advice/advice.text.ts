import { titledList } from '../content/block.ts';
import { hazardLabel } from '../content/hazards.ts';
import { bestText } from '../content/translations.rules.ts';
import type { TextFace } from '../kind/text.ts';
import type { AdviceDocument } from './advice.content.ts';
import { ADVICE_WORDS } from './advice.words.ts';

const primary = (language: string): string | undefined => language.split('-')[0];

export const adviceText: TextFace<AdviceDocument> = {
  lead: () => [],
  details: ({ items }, { language }, tongue) => {
    const found = bestText(items, language);
    // Readers of another language cannot read French under their words.
    if (!found || primary(found.language) !== primary(language)) return [];
    const { dos, donts } = ADVICE_WORDS[tongue];
    return [...titledList(dos, found.dos), ...titledList(donts, found.donts)];
  },
  tags: ({ hazard }, tongue) => [ADVICE_WORDS[tongue].kind, hazardLabel(hazard, tongue)],
};
