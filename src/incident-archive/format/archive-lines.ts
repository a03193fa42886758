const LF = 0x0a;
/** A publication in forty languages is a tenth of this. */
const LONGEST_LINE = 64 * 1024 * 1024;

/** One line of a file. */
export interface ArchiveFileLine {
  /** Without its end. */
  bytes: Buffer;
  /** Whether it has an end: a file that was cut may lack the last one. */
  isEnded: boolean;
}

/**
 * The lines of a file by their LF alone: Node.js's own reader ends a line at U+2028 too, which JSON may hold. Throws at a line
 * that no archive has, so that no file fills the memory.
 */
export async function* fileLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<ArchiveFileLine> {
  let begun: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let at = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, at)) {
      yield { bytes: Buffer.concat([...begun, chunk.subarray(at, end)]), isEnded: true };
      begun = [];
      length = 0;
      at = end + 1;
    }
    begun.push(chunk.subarray(at));
    length += chunk.length - at;
    if (length > LONGEST_LINE) throw new Error(`a line is longer than ${LONGEST_LINE} bytes: this is no archive`);
  }
  if (length > 0) yield { bytes: Buffer.concat(begun), isEnded: false };
}
