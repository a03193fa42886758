import { writeSync } from 'node:fs';
import { setPriority } from 'node:os';
import sharp, { type Sharp } from 'sharp';
import { toldBy } from './exif-told.ts';
import { FINGERPRINT_HEIGHT, FINGERPRINT_WIDTH, fingerprintOf } from './fingerprint.rules.ts';
import { pictureKindOf } from './picture-kind.rules.ts';
import {
  LONGEST_SIDE,
  type PictureBox,
  type Pressed,
  pressedBytes,
  READY,
  type Refused,
  THUMBNAIL_SIDE,
} from './pressed.ts';

/**
 * The program of a process that reads one picture of a stranger and ends: its bytes come by the standard input, what is kept
 * of it goes by descriptor 3. Boxes to be made unrecognisable stand in its argument, as JSON. `picture-press.ts` starts it, with
 * next to no rights.
 */
const RESULT = 3;
const LOW_PRIORITY = 10;
const MOST_PIXELS = 50_000_000;
/** Of one step, of which there are three. */
const SECONDS = 6;

/** Of the dozens of formats that libvips reads, and of files that it would open by their names, these remain. */
const LOADERS = ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'];

async function press(bytes: Buffer, boxes: readonly PictureBox[]): Promise<Pressed | Refused> {
  const kind = pictureKindOf(bytes);
  if (!kind) return { fault: 'NO_PICTURE' };
  const opened = open(bytes);
  const { exif, format } = await opened.metadata();
  if (format?.toUpperCase() !== kind) return { fault: 'NO_PICTURE' };
  const shown = boxes.length > 0 ? await veiled(bytes, boxes) : opened.autoOrient();
  const { data: whole, info } = await kept(shown, LONGEST_SIDE);
  const { data: thumbnail } = await kept(open(whole), THUMBNAIL_SIDE);
  const grey = await open(thumbnail)
    .resize(FINGERPRINT_WIDTH, FINGERPRINT_HEIGHT, { fit: 'fill' })
    .greyscale()
    .raw()
    .toBuffer();
  const { width, height } = info;
  return { kind, width, height, fingerprint: fingerprintOf(grey), told: toldBy(exif), whole, thumbnail };
}

/** The first frame alone, where a file has several. */
const open = (bytes: Buffer): Sharp => sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error', pages: 1 });

/** Nobody sees behind glass: transparency becomes white. Nothing of the file but its pixels is written. */
const kept = (picture: Sharp, side: number) =>
  picture
    .resize(side, side, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .webp({ quality: 80, effort: 2 })
    .timeout({ seconds: SECONDS })
    .toBuffer({ resolveWithObject: true });

/** Each box has this many pixels each way left: of a face no more than the colour of its skin. */
const PIXELS_LEFT = 3;

/** A picture in whose boxes nothing can be recognised: they are shrunk to a few pixels, and what was between those is nowhere any more. */
async function veiled(bytes: Buffer, boxes: readonly PictureBox[]): Promise<Sharp> {
  const flat = open(bytes).flatten({ background: '#ffffff' }).toColourspace('srgb');
  const layers = await Promise.all(
    boxes.map(async ({ x: left, y: top, width, height }) => {
      const few = await flat
        .clone()
        .extract({ left, top, width, height })
        .resize(PIXELS_LEFT, PIXELS_LEFT, { fit: 'fill' })
        .raw()
        .toBuffer({ resolveWithObject: true });
      const large = await sharp(few.data, { raw: few.info })
        .resize(width, height, { fit: 'fill', kernel: 'nearest' })
        .raw()
        .toBuffer({ resolveWithObject: true });
      return { input: large.data, raw: large.info, left, top };
    }),
  );
  const { data, info } = await flat.composite(layers).raw().toBuffer({ resolveWithObject: true });
  return sharp(data, { raw: info });
}

/** sharp says in words alone why it refuses a file. */
function faultOf(error: unknown): Refused['fault'] {
  const words = String(error);
  if (/pixel limit/i.test(words)) return 'TOO_MANY_PIXELS';
  return /timeout/i.test(words) ? 'TOO_SLOW' : 'BROKEN';
}

async function input(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function answer(bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(RESULT, bytes, at);
}

/** Below the hub, which answers people: a system that forbids even that still has the picture read. */
function stepBack(): void {
  try {
    setPriority(LOW_PRIORITY);
  } catch {
    // As it is.
  }
}

stepBack();
sharp.cache(false);
sharp.concurrency(1);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: LOADERS });
answer(Buffer.of(READY));
const boxes: readonly PictureBox[] = JSON.parse(process.argv[2] ?? '[]');
answer(pressedBytes(await press(await input(), boxes).catch((error: unknown) => ({ fault: faultOf(error) }))));
