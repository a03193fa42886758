import { titledList } from '../content/block.ts';
import { hazardLabel } from '../content/hazards.ts';
import { readableText } from '../content/translations.rules.ts';
import type { TextFace } from '../kind/text.ts';
import type { AdviceDocument } from './advice.content.ts';
import { ADVICE_WORDS } from './advice.words.ts';

export const adviceText: TextFace<AdviceDocument> = {
  lead: () => [],
  details: ({ items }, { language }, tongue) => {
    const found = readableText(items, language);
    if (!found) return [];
    const { dos, donts } = ADVICE_WORDS[tongue];
    return [...titledList(dos, found.dos), ...titledList(donts, found.donts)];
  },
  tags: ({ hazard }, tongue) => [ADVICE_WORDS[tongue].kind, hazardLabel(hazard, tongue)],
};
