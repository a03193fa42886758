import { type NoteXmlFault, XmlFault } from './xml-fault.ts';

const BOMS: [string, number[]][] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
  // Without a mark: `<?` in two bytes each.
  ['utf-16le', [0x3c, 0x00, 0x3f, 0x00]],
  ['utf-16be', [0x00, 0x3c, 0x00, 0x3f]],
];
const DECLARED = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']/;
const CHARSET = /;\s*charset\s*=\s*"?([A-Za-z0-9._-]+)/i;
const HEAD_BYTES = 256;

/**
 * Decodes an XML document by its byte order mark, else by the encoding that it declares, else by the media type that came
 * with it, else as UTF-8. Bytes that are not of the encoding are noted: in UTF-8 they are read as Windows-1252, which is
 * mostly what they are. Throws XmlFault for an unknown encoding.
 */
export function decodeXml(bytes: Uint8Array, mediaType: string, note: NoteXmlFault): string {
  const encoding = usualName(encodingOf(bytes, mediaType));
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes).trimStart();
  } catch (error) {
    if (error instanceof RangeError) throw new XmlFault(`encodage inconnu : ${encoding}`);
    note(`octets qui ne sont pas du ${encoding}`);
    const utf8 = new TextDecoder(encoding).encoding === 'utf-8';
    return (utf8 ? mixedText(bytes) : new TextDecoder(encoding).decode(bytes)).trimStart();
  }
}

/** Names of encodings that programs write and no list has: `UTF_8`, `utf8mb4`, `latin-1`, `ANSI`. */
function usualName(name: string): string {
  const plain = name.toLowerCase().replaceAll('_', '-');
  if (/^utf-?8/.test(plain)) return 'utf-8';
  return /^(?:latin-1|ansi|(?:cp|win|windows)-?1252)$/.test(plain) ? 'windows-1252' : plain;
}

function encodingOf(bytes: Uint8Array, mediaType: string): string {
  const bom = BOMS.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte));
  if (bom) return bom[0];
  const declared = DECLARED.exec(new TextDecoder('latin1').decode(bytes.subarray(0, HEAD_BYTES)))?.[1];
  // A declaration that can be read byte by byte is not in UTF-16, whatever it says.
  if (declared && /^utf-?16/i.test(declared)) return 'utf-8';
  return declared ?? CHARSET.exec(mediaType)?.[1] ?? 'utf-8';
}

/** UTF-8 with bytes of Windows-1252 in it: each run of bytes beyond ASCII is what it can be. */
const mixedText = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('latin1')
    .replace(/[\u0080-\u00ff]+/g, (run) => {
      const some = Buffer.from(run, 'latin1');
      try {
        return new TextDecoder('utf-8', { fatal: true }).decode(some);
      } catch {
        return new TextDecoder('windows-1252').decode(some);
      }
    });
