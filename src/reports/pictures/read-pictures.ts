import { z } from 'zod';
import { MOST_OF_A_REPORT } from './picture.rules.ts';

/** The ids of pictures, each once, in small letters. */
export const pictureIds = z
  .array(z.string().transform((id) => id.toLowerCase()))
  .max(MOST_OF_A_REPORT, `must hold at most ${MOST_OF_A_REPORT} pictures`)
  .refine((ids) => new Set(ids).size === ids.length, 'must name each picture once');

export const somePictureIds = pictureIds.refine((ids) => ids.length > 0, 'must name at least one picture');

/** Most boxes of one picture at a time. */
const MOST_BOXES = 50;

/** Boxes that lie in a picture of this size. */
export const boxesIn = ({ width, height }: { width: number; height: number }) =>
  z
    .array(
      z
        .object({ x: z.int().min(0), y: z.int().min(0), width: z.int().min(1), height: z.int().min(1) })
        .refine(
          (box) => box.x + box.width <= width && box.y + box.height <= height,
          `must lie in the picture, which has ${width} × ${height} pixels`,
        ),
    )
    .min(1, 'must hold at least one box')
    .max(MOST_BOXES, `must hold at most ${MOST_BOXES} boxes`);
