import { describe, expect, it } from 'vitest';
import { toldBy } from '../../../src/pictures/exif-told.ts';
import { fingerprintOf } from '../../../src/pictures/fingerprint.rules.ts';
import { pictureKindOf } from '../../../src/pictures/picture-kind.rules.ts';
import { type Pressed, pressedBytes } from '../../../src/pictures/pressed.ts';
import { readPressed } from '../../../src/pictures/read-pressed.ts';
import { momentTold, placeTold } from '../../../src/pictures/told.rules.ts';
import { exifOf } from '../../support/pictures/files.ts';

const NOTHING = { taken: null, offset: null, lat: null, lon: null };
const momentOf = (taken: string | null, offset: string | null = null) =>
  momentTold({ ...NOTHING, taken, offset })?.toISOString() ?? null;

describe('the hour that a file says it was taken at', () => {
  it.each<[string, string | null, string | null, string | null]>([
    ['by its own offset', '2026-11-28T14:05:00', '+02:00', '2026-11-28T12:05:00.000Z'],
    ['by the clocks of Paris in winter', '2026-11-28T14:05:00', null, '2026-11-28T13:05:00.000Z'],
    ['by the clocks of Paris in summer', '2026-07-01T14:05:00', null, '2026-07-01T12:05:00.000Z'],
    ['in the hour that comes twice: the first', '2026-10-25T02:30:00', null, '2026-10-25T00:30:00.000Z'],
    ['in the hour that is left out', '2026-03-29T02:30:00', null, '2026-03-29T01:30:00.000Z'],
    ['by an offset that is none', '2026-11-28T14:05:00', '+1', '2026-11-28T13:05:00.000Z'],
    ['on a day that there is not', '2026-02-30T14:05:00', null, null],
    ['before there were such cameras', '1899-11-30T00:00:00', null, null],
    ['at none', null, '+01:00', null],
    ['in words', 'hier', null, null],
  ])('%s', (_how, taken, offset, moment) => {
    expect(momentOf(taken, offset)).toBe(moment);
  });
});

describe('the place that a file says it was taken at', () => {
  it.each([
    [
      { lat: 48.69364123, lon: 2.29371 },
      { lat: 48.693641, lon: 2.29371 },
    ],
    [
      { lat: -33.9, lon: -70.5 },
      { lat: -33.9, lon: -70.5 },
    ],
    [{ lat: 0, lon: 0 }, null],
    [{ lat: 91, lon: 2 }, null],
    [{ lat: 48, lon: 181 }, null],
    [{ lat: 48, lon: null }, null],
  ])('%j is %j', (told, place) => {
    expect(placeTold({ ...NOTHING, ...told })).toEqual(place);
  });
});

describe('EXIF', () => {
  it('tells hour, zone and place, south and west too', () => {
    const exif = exifOf({ taken: '2026:11:28 14:05:09', offset: '+01:00', place: { lat: 48.6936, lon: 2.2937 } });
    const told = toldBy(exif);
    expect(told).toMatchObject({ taken: '2026-11-28T14:05:09', offset: '+01:00' });
    expect(told.lat).toBeCloseTo(48.6936, 5);
    expect(told.lon).toBeCloseTo(2.2937, 5);
    const south = toldBy(exifOf({ place: { lat: -33.5, lon: -70.25 } }));
    expect([south.lat, south.lon, south.taken]).toEqual([-33.5, -70.25, null]);
  });

  it('tells nothing where it is none, is cut off anywhere, or is too long', () => {
    const exif = exifOf({ taken: '2026:11:28 14:05:09', place: { lat: 48.6936, lon: 2.2937 } });
    expect(toldBy(undefined)).toEqual(NOTHING);
    expect(toldBy(Buffer.from('Exif\0\0nothing'))).toEqual(NOTHING);
    expect(toldBy(Buffer.concat([exif, Buffer.alloc(65_536)]))).toEqual(NOTHING);
    for (let end = 0; end < exif.length; end += 1) {
      const { lat, taken } = toldBy(exif.subarray(0, end));
      expect(lat === null || Number.isFinite(lat)).toBe(true);
      expect(taken === null || taken === '2026-11-28T14:05:09').toBe(true);
    }
  });
});

describe('the first bytes', () => {
  it.each<[string, string, string | undefined]>([
    ['a JPEG', '\xff\xd8\xff\xe0', 'JPEG'],
    ['a PNG', '\x89PNG\r\n\x1a\n', 'PNG'],
    ['a WebP', 'RIFF\x10\0\0\0WEBP', 'WEBP'],
    ['a sound', 'RIFF\x10\0\0\0WAVE', undefined],
    ['a GIF', 'GIF89a', undefined],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>', undefined],
    ['HTML', '<!doctype html>', undefined],
    ['nothing', '', undefined],
  ])('of %s', (_what, head, kind) => {
    expect(pictureKindOf(Buffer.from(head, 'latin1'))).toBe(kind);
  });
});

describe('what the process of a picture answers', () => {
  const webp = Buffer.from('RIFF\x10\0\0\0WEBP and more', 'latin1');
  const pressed: Pressed = {
    ...{ kind: 'JPEG', width: 3, height: 2, fingerprint: '0123456789abcdef', told: NOTHING },
    ...{ whole: webp, thumbnail: Buffer.concat([webp, webp]) },
  };

  it('is read as it was written', () => {
    expect(readPressed(pressedBytes(pressed))).toEqual(pressed);
    expect(readPressed(pressedBytes({ fault: 'BROKEN' }))).toEqual({ fault: 'BROKEN' });
  });

  it('is nothing where it is cut off, too long, or no such picture', () => {
    const bytes = pressedBytes(pressed);
    for (let end = 0; end < bytes.length; end += 1) expect(readPressed(bytes.subarray(0, end))).toBeUndefined();
    expect(readPressed(Buffer.concat([bytes, webp]))).toBeUndefined();
    for (const more of [
      { whole: Buffer.from('<html>') },
      { thumbnail: Buffer.from('GIF89a') },
      { width: 5_000 },
      { fingerprint: 'x' },
      { kind: 'SVG' as 'PNG' },
      { told: { ...NOTHING, taken: 'x'.repeat(100) } },
    ])
      expect(readPressed(pressedBytes({ ...pressed, ...more }))).toBeUndefined();
    expect(readPressed(Buffer.from('\xff\xff\xff\xff{}', 'latin1'))).toBeUndefined();
  });
});

it('a fingerprint says of each pixel whether it is brighter than the one before', () => {
  expect(fingerprintOf(new Uint8Array(72))).toBe('0'.repeat(16));
  expect(fingerprintOf(Uint8Array.from({ length: 72 }, (_, at) => at))).toBe('f'.repeat(16));
  expect(fingerprintOf(Uint8Array.from({ length: 72 }, (_, at) => (at % 9 === 1 ? 9 : 0)))).toBe('80'.repeat(8));
});
