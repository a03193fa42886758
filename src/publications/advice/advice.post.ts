import { hazardName, hazardTags } from '../content/hazards.ts';
import { bestText } from '../content/translations.rules.ts';
import { type PostFace, publisherWords } from '../kind/post.ts';
import type { AdviceDocument } from './advice.content.ts';
import { ADVICE_WORDS } from './advice.words.ts';

export const advicePost: PostFace<AdviceDocument> = {
  subject: ({ hazard }, { tongue }) => ({ what: ADVICE_WORDS[tongue].post, about: [hazardName(hazard, tongue)] }),
  words: ({ items }, text) => {
    const { dos = [] } = bestText(items, text.language) ?? {};
    return publisherWords(text, { beforeDescription: dos.join(' ') });
  },
  tags: ({ hazard }) => hazardTags(hazard),
};
