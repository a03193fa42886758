import { z } from 'zod';
import { PICTURE_KINDS, pictureKindOf } from './picture-kind.rules.ts';
import { LENGTH_BYTES, LONGEST_SIDE, PICTURE_FAULTS, type Pressed, type Refused } from './pressed.ts';

const side = z.int().min(1).max(LONGEST_SIDE);
const degrees = z.number().nullable();
const words = z.string().max(40).nullable();

const head = z.union([
  z.object({ fault: z.enum(PICTURE_FAULTS) }),
  z.object({
    kind: z.enum(PICTURE_KINDS),
    width: side,
    height: side,
    fingerprint: z.string().regex(/^[0-9a-f]{16}$/),
    told: z.object({ taken: words, offset: words, lat: degrees, lon: degrees }),
    whole: z.int().min(1),
    thumbnail: z.int().min(1),
  }),
]);

/**
 * Reads the answer of the process of one picture. That process has decoded bytes of a stranger, so that it may be the stranger
 * who answers: undefined for anything but a refusal, or two pictures of the right kind and length.
 */
export function readPressed(bytes: Buffer): Pressed | Refused | undefined {
  if (bytes.length < LENGTH_BYTES) return undefined;
  const from = LENGTH_BYTES + bytes.readUInt32BE();
  const { data } = head.safeParse(jsonIn(bytes.subarray(LENGTH_BYTES, from)));
  if (!data || 'fault' in data) return data;
  const middle = from + data.whole;
  if (bytes.length !== middle + data.thumbnail) return undefined;
  const [whole, thumbnail] = [bytes.subarray(from, middle), bytes.subarray(middle)];
  const areWebp = pictureKindOf(whole) === 'WEBP' && pictureKindOf(thumbnail) === 'WEBP';
  return areWebp ? { ...data, whole, thumbnail } : undefined;
}

function jsonIn(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
