import { z } from 'zod';
import { instant, isMoment, parisTime } from '../../clock.ts';

/** A moment in an input, kept as `parisTime` writes it. */
export const moment = z
  .string()
  .refine(isMoment, 'must be a date and time as 2016-06-02T14:00:00+02:00, with seconds and an offset')
  .transform((text) => parisTime(new Date(text)));

/** The moment some minutes later, or earlier where they are negative. */
export const movedBy = (at: string, minutes: number): string => parisTime(new Date(instant(at) + minutes * 60_000));
