/**
 * The fields of a document by which the hub finds and orders it, and knows its state and its CAP messages. A hub that starts
 * reads these of each publication; the rest waits until somebody reads it.
 */
export const BRIEF_FIELDS = [
  'id',
  'kind',
  'mode',
  'startsAt',
  'endsAt',
  'publishedAt',
  'revisedAt',
  'communes',
  'incident',
  'cancelled',
  'allClear',
  'severity',
  'urgency',
  'hazard',
  'categories',
  'messages',
  'adviceIds',
  'eventId',
] as const;

/** As much of a document, or of its content, as is among `BRIEF_FIELDS`. */
export type Briefly<T> = Pick<T, Extract<keyof T, (typeof BRIEF_FIELDS)[number]>>;
