import { XmlFault } from './xml-fault.ts';

const BOMS: [string, number[]][] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];
const DECLARED = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']/;
const CHARSET = /;\s*charset\s*=\s*"?([A-Za-z0-9._-]+)/i;
const HEAD_BYTES = 256;

/**
 * Decodes an XML document by its byte order mark, else by the encoding that it declares, else by the media type that came
 * with it, else as UTF-8. Throws XmlFault for an unknown encoding, and for bytes that are not of the encoding.
 */
export function decodeXml(bytes: Uint8Array, mediaType = ''): string {
  const bom = BOMS.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte));
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, HEAD_BYTES));
  const encoding = bom?.[0] ?? DECLARED.exec(head)?.[1] ?? CHARSET.exec(mediaType)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes).trimStart();
  } catch (error) {
    throw new XmlFault(
      error instanceof RangeError ? `encodage inconnu : ${encoding}` : `octets qui ne sont pas du ${encoding}`,
    );
  }
}
