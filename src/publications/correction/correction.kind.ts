import type { Kind } from '../kind.ts';
import { type CorrectionContent, correctionContent } from './correction.content.ts';

export const correction: Kind<CorrectionContent> = {
  name: 'CORRECTION',
  schema: correctionContent,
  settle: (content) => content,
  faults: () => [],
  window: () => ({ startsAt: null, endsAt: null }),
  severity: () => null,
  lint: (content) =>
    content.evidence.some(({ official }) => official) || content.evidence.length > 1
      ? []
      : [
          {
            rule: 'R01',
            level: 'WARNING',
            path: 'evidence',
            message: 'Une seule source non officielle : ajoutez une source officielle ou une seconde source.',
          },
        ],
  graver: (before, after) => before.verdict !== after.verdict,
  // Who draws on whom is the desk's own reckoning.
  published: ({ reportIds: _desk, evidence, ...content }) => ({
    ...content,
    evidence: evidence.map(({ independenceGroup: _group, ...shown }) => ({ ...shown, independenceGroup: null })),
  }),
};
