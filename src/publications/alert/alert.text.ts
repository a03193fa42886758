import { paragraph } from '../content/block.ts';
import { hazardLabel } from '../content/hazards.ts';
import type { TextFace } from '../kind/text.ts';
import type { AlertDocument } from './alert.content.ts';
import { ALERT_WORDS } from './alert.words.ts';

export const alertText: TextFace<AlertDocument> = {
  lead: ({ severity }, _text, tongue) => paragraph(ALERT_WORDS[tongue].gravity[severity]),
  details: () => [],
  tags: ({ hazard, severity }, tongue) => {
    const { kind, gravity } = ALERT_WORDS[tongue];
    return [kind, hazardLabel(hazard, tongue), gravity[severity]];
  },
};
