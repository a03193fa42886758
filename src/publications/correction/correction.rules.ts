import type { LintFinding } from '../content/lint.rules.ts';
import type { CorrectionContent, Verdict } from './correction.content.ts';

/** The rating of schema.org's ClaimReview for verdicts on the scale from false (1) to true (5); I-12. */
const RATINGS: Partial<Record<Verdict, number>> = { TRUE: 5, MOSTLY_TRUE: 4, PARTLY_TRUE: 3, MISLEADING: 2, FALSE: 1 };

export const ratingOf = (verdict: Verdict): number | null => RATINGS[verdict] ?? null;

/** One source that is not official asks for another one. */
export const lintCorrection = ({ evidence }: CorrectionContent): LintFinding[] =>
  evidence.some(({ official }) => official) || evidence.length > 1
    ? []
    : [
        {
          rule: 'R01',
          level: 'WARNING',
          path: 'evidence',
          message: 'Une seule source non officielle : ajoutez une source officielle ou une seconde source.',
        },
      ];
