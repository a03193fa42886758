import type { WatchedItem } from '../reading/watched-item.ts';
import { digest } from '../references.rules.ts';

/** The words of an item, and what stands beside them, as a digest: the same however blanks and case are written. */
export const wordsDigest = ({ title, summary, marks }: Pick<WatchedItem, 'title' | 'summary' | 'marks'>): string =>
  digest(
    [title, summary, marks].map((text) => text.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase()).join('\n'),
  );
