/** The kinds of picture that telephones and cameras make. SVG is a program, and GIF is no photograph: neither is taken. */
export const PICTURE_KINDS = ['JPEG', 'PNG', 'WEBP'] as const;
export type PictureKind = (typeof PICTURE_KINDS)[number];

/** The media types under which they are sent. A client that names the wrong one of them is believed less than the bytes. */
export const PICTURE_TYPES = ['image/jpeg', 'image/png', 'image/webp'] as const;

/** The longest of the marks below reaches this far. */
const HEAD_BYTES = 12;

const MARKS: Readonly<Record<PictureKind, (head: string) => boolean>> = {
  JPEG: (head) => head.startsWith('\xff\xd8\xff'),
  PNG: (head) => head.startsWith('\x89PNG\r\n\x1a\n'),
  WEBP: (head) => head.startsWith('RIFF') && head.slice(8) === 'WEBP',
};

/** The kind that the first bytes of a file are those of; undefined for any other file. The rest of the file may still be anything. */
export function pictureKindOf(bytes: Uint8Array): PictureKind | undefined {
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString('latin1');
  return PICTURE_KINDS.find((kind) => MARKS[kind](head));
}
