import { z } from 'zod';
import { parisTime } from '../clock.ts';

// Dates that exist only by overflow (30 February) parse in JavaScript: the day must survive the round trip.
const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/i;

function isMoment(text: string): boolean {
  const found = RFC3339.exec(text);
  if (!found || Number.isNaN(Date.parse(text))) return false;
  const [, year, month, day] = found.map(Number);
  return new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day)).getUTCDate() === day;
}

/** A moment in an input, kept as `parisTime` writes it. */
export const moment = z
  .string()
  .refine(isMoment, 'must be a date and time as 2016-06-02T14:00:00+02:00, with seconds and an offset')
  .transform((text) => parisTime(new Date(text)));
