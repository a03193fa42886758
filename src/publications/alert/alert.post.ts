import { hazardName, hazardTags } from '../content/hazards.ts';
import { type PostFace, publisherWords } from '../kind/post.ts';
import { VIGILANCE, type VigilanceColour } from '../vocabulary.ts';
import type { AlertDocument } from './alert.content.ts';
import { ALERT_WORDS } from './alert.words.ts';

const CIRCLES: Readonly<Record<VigilanceColour, string>> = { GREEN: '🟢', YELLOW: '🟡', ORANGE: '🟠', RED: '🔴' };

export const alertPost: PostFace<AlertDocument> = {
  subject: ({ severity, hazard }, { phase, tongue }) => {
    const { postGravity, gravityOver } = ALERT_WORDS[tongue];
    const gravity = phase === 'ALL_CLEAR' ? gravityOver : postGravity;
    return { what: gravity[severity], about: [hazardName(hazard, tongue)] };
  },
  words: (_document, text) => publisherWords(text),
  tags: ({ hazard }) => hazardTags(hazard),
  sign: ({ severity }) => CIRCLES[VIGILANCE[severity]],
  withdrawn: (tongue) => ALERT_WORDS[tongue].withdrawn,
  subjectSaysItIsOver: true,
};
