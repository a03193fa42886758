import type { PictureKind } from './picture-kind.rules.ts';

/** Why the process of one picture refuses it: it is none, it has too many pixels, it is broken or cut off, or it takes too long. */
export const PICTURE_FAULTS = ['NO_PICTURE', 'TOO_MANY_PIXELS', 'BROKEN', 'TOO_SLOW'] as const;
export interface Refused {
  fault: (typeof PICTURE_FAULTS)[number];
}

/**
 * Words of a file about itself, in EXIF. Anybody can write it there: the hub proposes it to people, and believes none of it. `taken`
 * is the time on the clock of the camera, as `2026-11-28T14:05:00`; `offset` is that of its zone, as `+01:00`, in newer files.
 */
export interface Told {
  taken: string | null;
  offset: string | null;
  lat: number | null;
  lon: number | null;
}

/** A picture as the hub keeps it: encoded anew, upright, without anything that its file said beside its pixels. */
export interface Pressed {
  kind: PictureKind;
  width: number;
  height: number;
  fingerprint: string;
  told: Told;
  /** WebP, at most 2,048 pixels wide and high. */
  whole: Buffer;
  /** WebP, at most 320. */
  thumbnail: Buffer;
}

/** A part of a picture that is to be made unrecognisable, in pixels from its upper left corner. */
export interface PictureBox {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The sides of what is kept, in pixels. */
export const LONGEST_SIDE = 2_048;
export const THUMBNAIL_SIDE = 320;

/** The first byte that the process of one picture answers: from then on, an early end is the picture's doing. */
export const READY = 1;
/** The length of the JSON that follows it. */
export const LENGTH_BYTES = 4;

/** The answer of a process: its length, the answer as JSON, and the two pictures behind it. `readPressed` reads it. */
export function pressedBytes(answer: Pressed | Refused): Buffer {
  const isRefused = 'fault' in answer;
  const lengths = isRefused ? {} : { whole: answer.whole.length, thumbnail: answer.thumbnail.length };
  const json = Buffer.from(JSON.stringify({ ...answer, ...lengths }));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(json.length);
  return Buffer.concat([length, json, ...(isRefused ? [] : [answer.whole, answer.thumbnail])]);
}
