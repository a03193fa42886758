/**
 * The closed lists that every kind shares. Names are those of the contract, which takes them from CAP 1.2
 * where CAP has them. Arrays, so that zod, GraphQL and the database check one and the same list.
 */
export const KINDS = ['ALERT', 'ADVICE', 'EVENT', 'CLOSURE', 'CORRECTION', 'AID_POINT'] as const;
export type PublicationKind = (typeof KINDS)[number];

export const MODES = ['ACTUAL', 'EXERCISE', 'TEST'] as const;
export type Mode = (typeof MODES)[number];

export const PUBLIC_STATES = ['UPCOMING', 'IN_FORCE', 'ENDED', 'CANCELLED'] as const;
export type PublicState = (typeof PUBLIC_STATES)[number];

export const CHANGE_TYPES = [
  'PUBLISHED',
  'UPDATED',
  'VERIFIED',
  'OBSERVED',
  'DECISION_CONFIRMED',
  'STARTED',
  'ALL_CLEAR',
  'CANCELLED',
  'ENDED',
  'CHECKPOINT',
] as const;
export type ChangeType = (typeof CHANGE_TYPES)[number];

/** What ended a publication. */
export const ENDING_KINDS = ['ALL_CLEAR', 'CANCELLED', 'EXPIRED'] as const;
export type EndingKind = (typeof ENDING_KINDS)[number];

/** How a change stands to a filter. */
export const FILTER_MATCHES = ['ENTERED', 'STAYED', 'LEFT'] as const;
export type FilterMatch = (typeof FILTER_MATCHES)[number];

/** Least grave first, so that an index compares; UNKNOWN is below them all. */
export const SEVERITIES = ['UNKNOWN', 'MINOR', 'MODERATE', 'SEVERE', 'EXTREME'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** 0 for UNKNOWN to 4 for EXTREME. */
export const gravity = (severity: Severity): number => SEVERITIES.indexOf(severity);

/** The colour of French vigilance for a severity, green to red. */
export const VIGILANCE = {
  UNKNOWN: 'GREEN',
  MINOR: 'GREEN',
  MODERATE: 'YELLOW',
  SEVERE: 'ORANGE',
  EXTREME: 'RED',
} as const;
export const COLOURS = ['GREEN', 'YELLOW', 'ORANGE', 'RED'] as const;
export type VigilanceColour = (typeof COLOURS)[number];

export const CATEGORIES = [
  'GEO',
  'MET',
  'SAFETY',
  'SECURITY',
  'RESCUE',
  'FIRE',
  'HEALTH',
  'ENV',
  'TRANSPORT',
  'INFRA',
  'CBRNE',
  'OTHER',
] as const;
export const RESPONSE_TYPES = [
  'SHELTER',
  'EVACUATE',
  'PREPARE',
  'EXECUTE',
  'AVOID',
  'MONITOR',
  'ASSESS',
  'ALL_CLEAR',
  'NONE',
] as const;
export type ResponseType = (typeof RESPONSE_TYPES)[number];
export const URGENCIES = ['IMMEDIATE', 'EXPECTED', 'FUTURE', 'PAST', 'UNKNOWN'] as const;
export type Urgency = (typeof URGENCIES)[number];
export const CERTAINTIES = ['OBSERVED', 'LIKELY', 'POSSIBLE', 'UNLIKELY', 'UNKNOWN'] as const;

/** The phases of what editors see on the ground and that overtakes the words of a revision, and what each says to clients. */
export const GROUND_MEANINGS = {
  REOPENED: 'The road was seen open again.',
  SHUT: 'The place was seen full or closed.',
} as const;
export type GroundPhase = keyof typeof GROUND_MEANINGS;
export const GROUND_PHASES = Object.keys(GROUND_MEANINGS) as [GroundPhase, ...GroundPhase[]];

/**
 * The newest news of a publication: its revision, or an event that followed it without a revision; LEFT for readers whose
 * place or gravity a revision took it from. Each phase is a post and a feed item of its own, with a permalink of its own,
 * because schedulers tell posts apart by their link.
 */
export const NEWS_PHASES = ['REVISION', ...GROUND_PHASES, 'ALL_CLEAR', 'CANCELLED', 'LEFT'] as const;
export type NewsPhase = (typeof NEWS_PHASES)[number];
