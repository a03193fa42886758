import type { DutyFunction } from '../duty/duty.rules.ts';
import type { IncidentLevel } from '../editorial/incidents/incident.rules.ts';
import type { PublicationKind, PublicState, Severity } from '../publications/vocabulary.ts';
import type { ReportState } from '../reports/report.rules.ts';

/** Publications in force of one kind and gravity; null for kinds that have no gravity. */
export interface CountInForce {
  kind: PublicationKind;
  severity: Severity | null;
  count: number;
}

/** One publication in force. */
export interface InForceHeadline {
  thread: string;
  kind: PublicationKind;
  severity: Severity | null;
  /** In French. */
  headline: string;
}

/** Roads that are closed or restricted now by their windows, and what was last seen there. */
export interface CountOfClosures {
  planned: number;
  inPlace: number;
  notStarted: number;
  reopened: number;
  unseen: number;
}

/** Groups of questions that are asked about an incident, by where they stand. */
export interface CountOfQuestions {
  unanswered: number;
  answered: number;
  /** Of those that are answered: their answer has changed since, is over or was withdrawn. */
  outdated: number;
  redirected: number;
  /** Questions of the whole desk that nobody has grouped. */
  toGroup: number;
}

/**
 * The figures of an incident, which the hub counts: nobody types any of them. Figures that come one day are optional here, and
 * null in the API: those that were frozen before do not have them.
 */
export interface SituationFigures {
  level: IncidentLevel;
  /** The moment of the report before, from which on what is new is counted; null for the first, which counts from the opening. */
  since: string | null;
  inForce: CountInForce[];
  upcoming: number;
  /** Publications that were not public before. */
  published: number;
  /** Publications that were, and have another revision since. */
  changed: number;
  /** Publications whose end came, or that were cancelled. */
  ended: number;
  /** The gravest of what is in force, the newest first among equals. */
  gravest: InForceHeadline[];
  /** Names of the communes that are touched by what is in force. */
  communeNames: string[];
  /** Of those communes; null where the number of one is not known. */
  inhabitants: number | null;
  closures: CountOfClosures;
  /** Reports that dossiers of the incident rest on. */
  reports: { state: ReportState; count: number }[];
  /** Reports of the whole desk that wait to be checked; questions are not checked. */
  reportsToCheck: number;
  /** Missing in what was frozen before the hub knew of questions. */
  questions?: CountOfQuestions;
  corrections: { state: PublicState; count: number }[];
  /** Watched feeds whose last reading went wrong, by name. */
  sourcesAtFault: string[];
  /** People on duty for the incident. */
  onDuty: { dutyFunction: DutyFunction; count: number }[];
}

/** Most headlines that are kept. */
export const MOST_HEADLINES = 8;
