import readExif from 'exif-reader';
import type { Told } from './pressed.ts';

/** As much as a JPEG may hold of it; PNG and WebP set no limit. */
const LONGEST_EXIF = 64 * 1024;
const NOTHING: Told = { taken: null, offset: null, lat: null, lon: null };

/**
 * Reads hour and place from the EXIF of a file, as far as it can. A stranger wrote it: it is read in the process of one picture
 * alone.
 */
export function toldBy(exif: Buffer | undefined): Told {
  if (!exif || exif.length > LONGEST_EXIF) return NOTHING;
  try {
    const { Photo: photo, GPSInfo: gps } = readExif(exif);
    return {
      taken: wallTime(photo?.DateTimeOriginal),
      offset: textOf(photo?.OffsetTimeOriginal),
      lat: degrees(gps?.GPSLatitude, gps?.GPSLatitudeRef, 'S'),
      lon: degrees(gps?.GPSLongitude, gps?.GPSLongitudeRef, 'W'),
    };
  } catch {
    return NOTHING;
  }
}

const LONGEST_TEXT = 40;

const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.length <= LONGEST_TEXT ? value.trim() : null;

/** The reader answers the time on the camera's clock as if that clock showed UTC. */
const wallTime = (value: unknown): string | null =>
  value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString().slice(0, 19) : null;

/** Degrees, minutes and seconds as degrees, negative on one half of the earth. */
function degrees(value: unknown, half: unknown, negative: 'S' | 'W'): number | null {
  if (!Array.isArray(value)) return null;
  const [whole = Number.NaN, minutes = 0, seconds = 0] = value.map(Number);
  const found = whole + minutes / 60 + seconds / 3600;
  if (!Number.isFinite(found)) return null;
  return textOf(half)?.toUpperCase() === negative ? -found : found;
}
