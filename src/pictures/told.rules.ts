import { isMoment } from '../clock.ts';
import { instantIn, PARIS } from '../dates/zones.ts';
import type { Told } from './pressed.ts';

const WALL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/;
const OFFSET = /^[+-]\d\d:\d\d$/;
/** Six decimals of a degree are a hand's breadth. */
const DECIMALS = 6;

/** The moment at which a file says that it was taken: by its own offset, else by the clocks of Paris. Null where it says none that exists. */
export function momentTold({ taken, offset }: Told): Date | null {
  if (taken === null || !WALL.test(taken) || !isMoment(`${taken}Z`)) return null;
  if (offset !== null && OFFSET.test(offset) && isMoment(`${taken}${offset}`)) return new Date(`${taken}${offset}`);
  return new Date(instantIn(PARIS, new Date(`${taken}Z`).getTime()));
}

/** The place at which a file says that it was taken. Cameras without a fix write 0, 0, which is nowhere. */
export function placeTold({ lat, lon }: Told): { lon: number; lat: number } | null {
  if (lat === null || lon === null || (lat === 0 && lon === 0)) return null;
  if (Math.abs(lat) > 90 || Math.abs(lon) > 180) return null;
  return { lon: Number(lon.toFixed(DECIMALS)), lat: Number(lat.toFixed(DECIMALS)) };
}
