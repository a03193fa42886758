import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { SituationFigures } from './situation-figures.ts';

/**
 * The states of a situation report:
 *
 *   – ─draftSituationReport→ DRAFT ─freezeSituationReport→ FROZEN ─its next edition is frozen→ REPLACED
 *                            │   ▲
 *                            └───┘ reviseSituationReport; removeSituationReport takes a draft away
 */
export const SITUATION_REPORT_STATES = ['DRAFT', 'FROZEN', 'REPLACED'] as const;
export type SituationReportState = (typeof SITUATION_REPORT_STATES)[number];

/** A figure that an authority gave, with its hour: the hub counts none of these. */
export interface SourcedFigure {
  figure: string;
  /** The id of the organisation. */
  source: string;
  /** RFC 3339. */
  countedAt: string;
}

/** The words of a situation report; null for what nobody has written. */
export interface SituationParts {
  situation: string | null;
  measures: string | null;
  outlook: string | null;
  wanted: string | null;
  toll: SourcedFigure | null;
  /** When the next one is due. RFC 3339. */
  nextAt: string | null;
}

export const NO_WORDS: SituationParts = {
  situation: null,
  measures: null,
  outlook: null,
  wanted: null,
  toll: null,
  nextAt: null,
};

/** All that the hub knows of an incident at one moment. */
export interface SituationSnapshot {
  /** RFC 3339. */
  asOf: string;
  /** Where the journal stood. */
  epoch: string;
  position: number;
  /** The last line of the incident's log; 0 for none. */
  logNumber: number;
  figures: SituationFigures;
}

/** All that a frozen situation report says. A figure that comes one day is missing in those from before. */
export interface SituationContent extends SituationSnapshot {
  incident: string;
  number: number;
  edition: number;
  parts: SituationParts;
  /** The source of the toll, as it was called then; null without a toll. */
  tollSource: string | null;
}

/** Frozen content as text, and the hash of its bytes: equal content has equal bytes (RFC 8785). */
export function frozenText(content: SituationContent): { content: string; contentHash: string } {
  const text = canonicalize(content);
  if (text === undefined) throw new TypeError('only JSON values are frozen');
  return { content: text, contentHash: createHash('sha256').update(text).digest('hex') };
}
