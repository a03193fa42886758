import { crc32, deflateSync } from 'node:zlib';

const u16 = (value: number): Buffer => Buffer.of(value >> 8, value & 0xff);
function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

interface Entry {
  tag: number;
  type: number;
  count: number;
  value: Buffer;
}

const text = (tag: number, words: string): Entry => ({
  ...{ tag, type: 2, count: words.length + 1 },
  value: Buffer.from(`${words}\0`, 'latin1'),
});
const long = (tag: number, value: number): Entry => ({ tag, type: 4, count: 1, value: u32(value) });
const thirds = (tag: number, parts: readonly number[]): Entry => ({
  ...{ tag, type: 5, count: parts.length },
  value: Buffer.concat(parts.flatMap((part) => [u32(Math.round(part * 1_000)), u32(1_000)])),
});

/** A directory of EXIF that stands at this place, with what its entries lead to behind it. */
function directory(at: number, entries: readonly Entry[]): Buffer {
  let behind = at + 2 + entries.length * 12 + 4;
  const rows: Buffer[] = [];
  const data: Buffer[] = [];
  for (const { tag, type, count, value } of entries) {
    const isShort = value.length <= 4;
    rows.push(
      Buffer.concat([
        u16(tag),
        u16(type),
        u32(count),
        isShort ? Buffer.concat([value, Buffer.alloc(4)], 4) : u32(behind),
      ]),
    );
    if (isShort) continue;
    data.push(value);
    behind += value.length;
  }
  return Buffer.concat([u16(entries.length), ...rows, u32(0), ...data]);
}

/** What a camera writes beside its picture: the time on its clock, as `2026:11:28 14:05:00`, its zone, and where it was. */
export interface Written {
  taken?: string;
  offset?: string;
  /** Degrees, north and east positive. */
  place?: { lat: number; lon: number };
  copyright?: string;
}

const sexagesimal = (degrees: number): number[] => {
  const all = Math.abs(degrees);
  const minutes = (all % 1) * 60;
  return [Math.floor(all), Math.floor(minutes), (minutes % 1) * 60];
};

export function exifOf({ taken, offset, place, copyright = 'nobody' }: Written): Buffer {
  const first = (photo: number, gps: number) =>
    directory(8, [text(0x8298, copyright), long(0x8769, photo), long(0x8825, gps)]);
  const photoAt = 8 + first(0, 0).length;
  const photo = directory(photoAt, [
    ...(taken === undefined ? [] : [text(0x9003, taken)]),
    ...(offset === undefined ? [] : [text(0x9011, offset)]),
  ]);
  const gpsAt = photoAt + photo.length;
  const gps = directory(
    gpsAt,
    place
      ? [
          text(1, place.lat < 0 ? 'S' : 'N'),
          thirds(2, sexagesimal(place.lat)),
          text(3, place.lon < 0 ? 'W' : 'E'),
          thirds(4, sexagesimal(place.lon)),
        ]
      : [],
  );
  return Buffer.concat([Buffer.from('MM\0*'), u32(8), first(photoAt, gpsAt), photo, gps]);
}

/** A JPEG with one more segment behind its first two bytes. */
export const withSegment = (jpeg: Buffer, marker: number, content: Buffer): Buffer =>
  Buffer.concat([jpeg.subarray(0, 2), Buffer.of(0xff, marker), u16(content.length + 2), content, jpeg.subarray(2)]);

/** A JPEG with EXIF. */
export const withExif = (jpeg: Buffer, written: Written): Buffer =>
  withSegment(jpeg, 0xe1, Buffer.concat([Buffer.from('Exif\0\0'), exifOf(written)]));

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  return Buffer.concat([u32(content.length), body, u32(crc32(body))]);
}

/** A PNG that says it is so large, and holds hardly a byte of it. */
export const hollowPng = (side: number): Buffer =>
  Buffer.concat([
    SIGNATURE,
    chunk('IHDR', Buffer.concat([u32(side), u32(side), Buffer.of(8, 2, 0, 0, 0)])),
    chunk('IDAT', deflateSync(Buffer.alloc(64))),
    chunk('IEND', Buffer.alloc(0)),
  ]);

/** A PNG with a text of so many zeros, packed. */
export function withPackedText(png: Buffer, bytes: number): Buffer {
  const afterHead = SIGNATURE.length + 25;
  const packed = chunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0'), deflateSync(Buffer.alloc(bytes))]));
  return Buffer.concat([png.subarray(0, afterHead), packed, png.subarray(afterHead)]);
}
