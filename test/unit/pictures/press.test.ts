import path from 'node:path';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { PicturePress, type PicturePressOptions } from '../../../src/pictures/picture-press.ts';
import { momentTold, placeTold } from '../../../src/pictures/told.rules.ts';
import { drawn, jpegOf } from '../../support/desk/picture-desk.ts';
import { hollowPng, withExif, withPackedText, withSegment } from '../../support/pictures/files.ts';

const deaths: string[] = [];
const open = (more: Partial<PicturePressOptions> = {}) =>
  new PicturePress({ onDeath: (words) => void deaths.push(words), ...more });
const program = (name: string) => path.join(import.meta.dirname, `../../support/pictures/${name}.press.mjs`);
const press = open();
const presses: PicturePress[] = [];
const opened = (name: string, longestMs?: number) => {
  const one = open({ program: program(name), ...(longestMs === undefined ? {} : { longestMs }) });
  presses.push(one);
  return one;
};
afterEach(() => {
  deaths.length = 0;
  for (const one of presses.splice(0)) one.close();
});

const refused = (work: Promise<unknown>) =>
  work.then(
    () => 'read',
    ({ code, facts }) => [code, ...(facts?.fields ?? []).map((field: { path: string }) => field.path)].join(' '),
  );
const processes = () => process.getActiveResourcesInfo().filter((one) => one === 'ProcessWrap').length;

describe('a picture', () => {
  const written = { taken: '2026:11:28 14:05:00', offset: '+01:00', place: { lat: 48.6936, lon: 2.2937 } };
  const jpeg = async () => withExif(await jpegOf(), written);
  const again = async (kind: 'png' | 'webp') =>
    sharp(await jpeg())
      .keepExif()
      .toFormat(kind)
      .toBuffer();

  it.each([
    ['JPEG', jpeg],
    ['PNG', () => again('png')],
    ['WEBP', () => again('webp')],
  ] as const)('that is a %s is read anew, with what it says of hour and place', async (kind, bytes) => {
    const pressed = await press.press(await bytes());
    expect(pressed).toMatchObject({ kind, width: 320, height: 240 });
    expect(momentTold(pressed.told)?.toISOString()).toBe('2026-11-28T13:05:00.000Z');
    expect(placeTold(pressed.told)?.lat).toBeCloseTo(48.6936, 4);
    expect(placeTold(pressed.told)?.lon).toBeCloseTo(2.2937, 4);
    const whole = await sharp(pressed.whole).metadata();
    expect(whole).toMatchObject({ format: 'webp', width: 320, height: 240, space: 'srgb' });
    expect([whole.exif, whole.xmp, whole.iptc, whole.icc]).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('keeps nothing that its file said beside its pixels', async () => {
    let bytes: Buffer = await drawn()
      .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/">CANARY-XMP</x:xmpmeta>')
      .jpeg()
      .toBuffer();
    bytes = withSegment(bytes, 0xed, Buffer.from('Photoshop 3.0\0CANARY-IPTC', 'latin1'));
    bytes = withSegment(bytes, 0xfe, Buffer.from('CANARY-COMMENT'));
    bytes = withExif(bytes, { ...written, copyright: 'CANARY-EXIF' });
    bytes = Buffer.concat([bytes, Buffer.from('<html><script>CANARY-BEHIND</script></html>')]);
    for (const canary of ['XMP', 'IPTC', 'COMMENT', 'EXIF', 'BEHIND'])
      expect(bytes.includes(`CANARY-${canary}`)).toBe(true);
    const { whole, thumbnail } = await press.press(bytes);
    for (const one of [whole, thumbnail])
      for (const canary of ['CANARY', '<script', '2026:11:28', 'Exif']) expect(one.includes(canary)).toBe(false);
  });

  it('is turned upright, shrunk to 2,048 pixels and to 320, and white where it was transparent', async () => {
    const lying = await drawn(3_000, 1_500).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const { width, height, whole, thumbnail } = await press.press(lying);
    expect([width, height]).toEqual([1_024, 2_048]);
    expect(await sharp(whole).metadata()).toMatchObject({ width, height });
    expect(await sharp(thumbnail).metadata()).toMatchObject({ width: 160, height: 320 });
    const clear = {
      create: { width: 40, height: 40, channels: 4 as const, background: { r: 9, g: 9, b: 9, alpha: 0 } },
    };
    const glass = await press.press(await sharp(clear).png().toBuffer());
    const { channels } = await sharp(glass.whole).stats();
    expect(channels.map(({ min }) => min > 250)).toEqual([true, true, true]);
    expect((await sharp(glass.whole).metadata()).hasAlpha).toBe(false);
  });
});

it('in a box nothing can be recognised, and what lies beside it stays', async () => {
  const side = 200;
  const board = Buffer.from(
    Array.from({ length: side * side * 3 }, (_, at) =>
      ((Math.floor(at / 3) % side) + Math.floor(at / 3 / side)) % 4 < 2 ? 250 : 5,
    ),
  );
  const bytes = await sharp(board, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer();
  const box = { x: 20, y: 30, width: 90, height: 60 };
  const [open, veiled] = [await press.press(bytes), await press.press(bytes, [box, { ...box, x: 130, width: 70 }])];
  expect([veiled.width, veiled.height]).toEqual([side, side]);
  const spread = async (picture: Buffer, left: number, top: number) => {
    const part = await sharp(picture).extract({ left, top, width: 40, height: 40 }).toBuffer();
    return (await sharp(part).stats()).channels[0]?.stdev ?? Number.NaN;
  };
  for (const left of [45, 145]) {
    expect(await spread(open.whole, left, 40)).toBeGreaterThan(60);
    expect(await spread(veiled.whole, left, 40)).toBeLessThan(20);
  }
  expect(await spread(veiled.whole, 40, 120)).toBeGreaterThan(60);
});

describe('what is no picture is refused', () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script/></svg>');
  const behind = (head: string) => Buffer.concat([Buffer.from(head, 'latin1'), svg]);

  it.each<[string, () => Promise<Buffer> | Buffer]>([
    ['SVG', () => svg],
    ['HTML', () => Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['GIF', () => drawn(20, 20).gif().toBuffer()],
    ['TIFF', () => drawn(20, 20).tiff().toBuffer()],
    ['AVIF', () => drawn(20, 20).avif({ effort: 0 }).toBuffer()],
    ['SVG behind the first bytes of a JPEG', () => behind('\xff\xd8\xff')],
    ['SVG behind those of a PNG', () => behind('\x89PNG\r\n\x1a\n')],
    ['SVG behind those of a WebP', () => behind('RIFF\xff\0\0\0WEBP')],
    ['nothing', () => Buffer.alloc(0)],
    ['a JPEG that is cut off', async () => (await jpegOf()).subarray(0, 3_000)],
    ['a PNG that is cut off', async () => (await drawn().png().toBuffer()).subarray(0, 3_000)],
    ['a WebP that is cut off', async () => (await drawn().webp().toBuffer()).subarray(0, 900)],
    ['a PNG of 30,000 by 30,000 pixels in a hundred bytes', () => hollowPng(30_000)],
    ['a PNG of 8,000 by 8,000', () => hollowPng(8_000)],
  ])('%s', async (_what, bytes) => {
    expect(await refused(press.press(await bytes()))).toBe('INVALID_INPUT body');
    expect(deaths).toEqual([]);
  });

  it('and a hundred megabytes of packed text do no harm', async () => {
    const bytes = withPackedText(await drawn().png().toBuffer(), 100_000_000);
    expect(bytes.length).toBeLessThan(500_000);
    expect(['read', 'INVALID_INPUT body']).toContain(await refused(press.press(bytes)));
  });
});

describe('a process that', () => {
  it('dies over its picture is the picture’s fault, and is told of', async () => {
    expect(await refused(opened('die').press(await jpegOf()))).toBe('INVALID_INPUT body');
    expect(deaths).toEqual([expect.stringContaining('SIGSEGV')]);
  });

  it('never ends is ended, and the client may try again', async () => {
    expect(await refused(opened('hang', 500).press(await jpegOf()))).toBe('UNAVAILABLE');
    expect(deaths).toEqual(['it took longer than 500 ms']);
    await expect.poll(processes).toBe(0);
  });

  it('answers a page of HTML in place of a picture is not believed', async () => {
    expect(await refused(opened('lie').press(await jpegOf()))).toBe('INVALID_INPUT body');
  });

  it('does not start is a fault of the hub, not of the picture', async () => {
    await expect(opened('fail').press(await jpegOf())).rejects.toThrow('does not start: 7');
  });
});

it('the process of a picture reads no file of the machine, writes none, starts nothing, and knows no setting of the hub', async () => {
  const { told } = await opened('peek').press(await jpegOf());
  expect(told).toMatchObject({ taken: 'refused refused refused', offset: '' });
});

it('two pictures are read at a time, and all are refused when the hub ends', async () => {
  const one = opened('hang');
  const bytes = await jpegOf();
  const all = Promise.all([1, 2, 3, 4].map(() => refused(one.press(bytes))));
  await expect.poll(processes).toBe(2);
  expect(one.underWay).toBe(2);
  one.close();
  expect(await all).toEqual(['UNAVAILABLE', 'UNAVAILABLE', 'UNAVAILABLE', 'UNAVAILABLE']);
  await expect.poll(processes).toBe(0);
  expect(one.underWay).toBe(0);
});
