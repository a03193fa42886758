import { instant } from '../../clock.ts';
import type { PublicDocument } from '../../publications/document.ts';

/**
 * What a post about a document tells: a revision, or what happened to it since without one. Each is a post of its own, with
 * an address of its own, since schedulers tell posts apart by their link.
 */
export const POST_PHASES = ['REVISION', 'REOPENED', 'ALL_CLEAR', 'CANCELLED'] as const;
export type PostPhase = (typeof POST_PHASES)[number];

export function phaseOf(document: PublicDocument): PostPhase {
  if (document.cancelled) return 'CANCELLED';
  if (document.allClear) return 'ALL_CLEAR';
  if (document.kind === 'CLOSURE' && document.observed.state === 'REOPENED') return 'REOPENED';
  return 'REVISION';
}

/** What happened to a revision since, as one word of an address; '' for nothing. */
export function happenedTo(document: PublicDocument): string {
  switch (phaseOf(document)) {
    case 'CANCELLED':
      return 'cancelled';
    case 'ALL_CLEAR':
      return 'all-clear';
    // A road may be closed, opened, closed and opened again under one revision.
    case 'REOPENED':
      return document.kind === 'CLOSURE' && document.observed.at
        ? `reopened-${instant(document.observed.at) / 1000}`
        : 'reopened';
    case 'REVISION':
      return '';
  }
}

/** The permalink of what a post tells: the revision's, with what happened to it since. */
export function permalinkOf(publicUrl: string, document: PublicDocument): string {
  const happened = happenedTo(document);
  return `${publicUrl}/publications/${document.id}/r/${document.revision}${happened && `#${happened}`}`;
}
