/** The waits after the first, second … attempt that failed, in minutes; the last one holds for all that follow. */
export const LETTER_WAITS_MIN = [1, 2, 5, 10, 15, 30] as const;

/** The wait before the next attempt, in milliseconds: letters go on until they have nothing to tell any more. */
export const letterWait = (attempts: number): number =>
  (LETTER_WAITS_MIN[attempts - 1] ?? LETTER_WAITS_MIN[LETTER_WAITS_MIN.length - 1] ?? 30) * 60_000;
