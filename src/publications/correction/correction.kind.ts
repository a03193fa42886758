import type { Kind } from '../kind/kind.ts';
import {
  API_VERDICTS,
  type CorrectionContent,
  type CorrectionDocument,
  correctionContent,
} from './correction.content.ts';
import { correctionLinkedData } from './correction.linked-data.ts';
import { correctionPage } from './correction.page.ts';
import { correctionPost } from './correction.post.ts';
import { lintCorrection } from './correction.rules.ts';
import { correctionText } from './correction.text.ts';

export const correction: Kind<CorrectionContent, CorrectionDocument> = {
  name: 'CORRECTION',
  noun: 'Correction',
  typeName: 'CorrectionPublication',
  meaning: 'The published answer to a rumour.',
  schema: correctionContent,
  settle: (content) => content,
  faults: () => [],
  window: () => ({ startsAt: null, endsAt: null }),
  danger: () => null,
  lint: lintCorrection,
  graver: (before, after) => before.verdict !== after.verdict,
  // Who draws on whom is the desk's own reckoning.
  published: ({ reportIds: _desk, evidence, ...content }) => ({
    ...content,
    evidence: evidence.map(({ independenceGroup: _group, ...shown }) => ({ ...shown, independenceGroup: null })),
  }),
  prose: ['explanation', 'evidence.*.label'],
  references: () => [],
  carriedOver: () => ({}),
  situation: {
    field: 'corrections',
    description: 'Answers to rumours here or everywhere, newest first.',
    select: ({ list }) => list('CORRECTION', 'newest', 'here or everywhere'),
  },
  apiForm: (document) => ({ ...document, verdict: API_VERDICTS.wordOf(document.verdict) }),
  page: correctionPage,
  text: correctionText,
  post: correctionPost,
  linkedData: correctionLinkedData,
};
