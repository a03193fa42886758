import type { ClosedState, ReportState } from './report.rules.ts';

export interface Person {
  id: string;
  name: string;
}

export interface ConclusionView {
  state: ClosedState;
  explanation: string;
  evidence: { label: string; url: string; official: boolean }[];
  by: Person;
  at: string;
}

/** A picture of a report, without its bytes. Where and when it was taken is the word of its file. */
export interface PictureView {
  id: string;
  width: number;
  height: number;
  /** Of the file as it was sent. */
  sha256: string;
  receivedAt: string;
  takenAt: string | null;
  point: ReportView['point'];
  /** Whether parts of it were made unrecognisable. */
  veiled: boolean;
  by: Person;
}

/** A report as the desk reads it at a moment. The person who has claimed it is named only while the claim runs. */
export interface ReportView {
  id: string;
  state: ReportState;
  text: string;
  channel: string;
  url: string | null;
  seenAt: string;
  submittedAt: string;
  /** INSEE code. */
  commune: string | null;
  point: { type: 'Point'; coordinates: [number, number] } | null;
  category: string | null;
  submittedBy: Person;
  claimedBy: Person | null;
  claimedUntil: string | null;
  duplicateOf: string | null;
  /** The id of the group of a question; null for none. */
  questionGroup: string | null;
  escalated: boolean;
  markedPublic: boolean;
  conclusion: ConclusionView | null;
  /** In the order in which they came. */
  pictures: PictureView[];
}

/** Where something was seen, as a GeoJSON point; null where that was not given. */
export const pointOf = ({ lon, lat }: { lon?: number | null; lat?: number | null }): ReportView['point'] =>
  lon === null || lon === undefined || lat === null || lat === undefined
    ? null
    : { type: 'Point', coordinates: [lon, lat] };
