import { instant } from '../../../clock.ts';
import { reopenedAt } from '../../../publications/closure/closure.rules.ts';
import type { PublicDocument } from '../../../publications/document.ts';

/**
 * What a post about a document tells: a revision, or what happened to it since without one. Each is a post of its own, with
 * an address of its own, since schedulers tell posts apart by their link.
 */
export const POST_PHASES = ['REVISION', 'REOPENED', 'ALL_CLEAR', 'CANCELLED'] as const;
export type PostPhase = (typeof POST_PHASES)[number];

export function phaseOf(document: PublicDocument): PostPhase {
  if (document.cancelled) return 'CANCELLED';
  if (document.allClear) return 'ALL_CLEAR';
  if (document.kind === 'CLOSURE' && reopenedAt(document)) return 'REOPENED';
  return 'REVISION';
}

/** When what a post tells happened: the revision's moment, or that of what happened to it since. RFC 3339. */
export function toldAt(document: PublicDocument): string {
  const reopened = document.kind === 'CLOSURE' ? reopenedAt(document) : null;
  return document.cancelled?.at ?? document.allClear?.at ?? reopened ?? document.revisedAt;
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
      return `reopened-${instant(toldAt(document)) / 1000}`;
    case 'REVISION':
      return '';
  }
}

/** The permalink of what a post tells: the revision's, with what happened to it since. */
export function permalinkOf(publicUrl: string, document: PublicDocument): string {
  const happened = happenedTo(document);
  return `${publicUrl}/publications/${document.id}/r/${document.revision}${happened && `#${happened}`}`;
}

/** What a permalink names, whatever host it stands at. */
export interface Permalink {
  publication: string;
  revision: number;
  happened: string;
}

const PERMALINK =
  /\/publications\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/r\/([1-9]\d{0,5})(?:#(cancelled|all-clear|reopened-\d{1,12}))?$/;

/** Reads what `permalinkOf` wrote; undefined for anything else. */
export function readPermalink(text: string): Permalink | undefined {
  const [, publication, revision, happened = ''] = PERMALINK.exec(text) ?? [];
  return publication === undefined ? undefined : { publication, revision: Number(revision), happened };
}

/** The phase of what happened (`happenedTo`). */
export function phaseNamed(happened: string): PostPhase {
  if (happened === 'cancelled') return 'CANCELLED';
  if (happened === 'all-clear') return 'ALL_CLEAR';
  return happened === '' ? 'REVISION' : 'REOPENED';
}
