import { gravity } from '../../../publications/vocabulary.ts';

/** So many pushes ring within ten minutes; those behind them are shown without a sound. */
export const MOST_LOUD = 3;
export const STORM_MS = 10 * 60_000;

/** Whether a push comes without a sound: too many came just before. A push of an EXTREME alert always rings. */
export const isSilent = (told: number, gravityOfDanger: number | undefined): boolean =>
  told >= MOST_LOUD && (gravityOfDanger ?? 0) < gravity('EXTREME');
