import { instant } from '../clock.ts';
import { reopenedAt } from './closure/closure.rules.ts';
import type { PublicDocument } from './document.ts';

/**
 * The newest news of a publication: its revision, or an event that followed it without a revision. Each phase is a post
 * and a feed item of its own, with a permalink of its own, because schedulers tell posts apart by their link.
 */
export const NEWS_PHASES = ['REVISION', 'REOPENED', 'ALL_CLEAR', 'CANCELLED'] as const;
export type NewsPhase = (typeof NEWS_PHASES)[number];

export function phaseOf(document: PublicDocument): NewsPhase {
  if (document.cancelled) return 'CANCELLED';
  if (document.allClear) return 'ALL_CLEAR';
  if (document.kind === 'CLOSURE' && reopenedAt(document)) return 'REOPENED';
  return 'REVISION';
}

/** The time of the newest news, RFC 3339: of the revision, or of the event that followed it. */
export function newsAt(document: PublicDocument): string {
  const reopened = document.kind === 'CLOSURE' ? reopenedAt(document) : null;
  return document.cancelled?.at ?? document.allClear?.at ?? reopened ?? document.revisedAt;
}

/** The event that followed a revision, as one word of an address; '' where the revision is the newest news. */
export function happenedTo(document: PublicDocument): string {
  switch (phaseOf(document)) {
    case 'CANCELLED':
      return 'cancelled';
    case 'ALL_CLEAR':
      return 'all-clear';
    // A road may be closed, opened, closed and opened again under one revision.
    case 'REOPENED':
      return `reopened-${instant(newsAt(document)) / 1000}`;
    case 'REVISION':
      return '';
  }
}

/** The phase that a word of `happenedTo` stands for. */
export function phaseNamed(happened: string): NewsPhase {
  if (happened === 'cancelled') return 'CANCELLED';
  if (happened === 'all-clear') return 'ALL_CLEAR';
  return happened === '' ? 'REVISION' : 'REOPENED';
}
