import { FRENCH } from '../content/language.rules.ts';
import { bestText } from '../content/translations.rules.ts';
import type { PageFace } from '../kind/page.ts';
import type { AdviceDocument } from './advice.content.ts';

export const advicePage: PageFace<AdviceDocument> = {
  heading: 'Conseils',
  details: ({ items }) => {
    const { dos = [], donts = [] } = bestText(items, FRENCH) ?? {};
    return [
      { title: 'Ce qu’il faut faire', items: dos },
      { title: 'Ce qu’il ne faut pas faire', items: donts },
    ];
  },
};
