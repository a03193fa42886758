import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import papa from 'papaparse';
import { AddressFileFault } from './file-fault.ts';

/** A line of the file: its number, and its cells, or why they cannot be told apart. */
export interface FileLine {
  readonly number: number;
  readonly cells: readonly string[];
  readonly fault: string | undefined;
}

/** Four times the largest Département's: a small file that unpacks to more is no file of addresses. */
const MOST_BYTES = 2 ** 30;
const LONGEST_LINE = 2 ** 16;
const MOST_LINES = 3_000_000;
const CHUNK_BYTES = 2 ** 18;
const GZIP = Buffer.from([0x1f, 0x8b]);

/** The bytes of a file, unpacked where they are gzip, by whatever name. */
export async function openAddressFile(path: string): Promise<Readable> {
  const file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(GZIP.length), 0, GZIP.length, 0).finally(() => file.close());
  const source = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  // An error of either comes out of the one that is read.
  return buffer.equals(GZIP) ? pipeline(source, createGunzip({ chunkSize: CHUNK_BYTES }), () => undefined) : source;
}

/**
 * The lines of a file of cells between semicolons, in UTF-8, some thousands at a time; blank ones are left out. Throws an AddressFileFault for
 * what is no such file, or longer than any is.
 */
export async function* fileLinesOf(source: AsyncIterable<Buffer>): AsyncGenerator<FileLine[]> {
  let first = 1;
  for await (const block of wholeLines(source)) {
    const { data, errors } = papa.parse<string[]>(block, { delimiter: ';', newline: '\n' });
    const faults = new Map(errors.map(({ row, message }) => [row, message]));
    yield data.flatMap((cells, index) => {
      if (cells.length === 1 && cells[0] === '') return [];
      return { number: first + index, cells, fault: faults.get(index) };
    });
    first += block.split('\n').length - 1;
    if (first > MOST_LINES) throw new AddressFileFault([`the file has more than ${MOST_LINES} lines`]);
  }
}

/** A text in pieces that each end with a line, which are told from one another by `\n` alone. */
async function* wholeLines(source: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = '';
  for await (const text of decoded(source)) {
    rest += text;
    const end = rest.lastIndexOf('\n') + 1;
    if (rest.length - end > LONGEST_LINE) throw new AddressFileFault([`a line has more than ${LONGEST_LINE} signs`]);
    if (end === 0) continue;
    yield rest.slice(0, end).replaceAll('\r\n', '\n');
    rest = rest.slice(end);
  }
  if (rest !== '') yield `${rest}\n`;
}

async function* decoded(source: AsyncIterable<Buffer>): AsyncGenerator<string> {
  // It leaves out the mark at the beginning of a file.
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  try {
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) throw new AddressFileFault([`the file has more than ${MOST_BYTES} bytes, unpacked`]);
      yield decoder.decode(chunk, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    throw legible(error);
  }
}

/** The operator reads in words why a file could not be decoded or unpacked. */
function legible(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return new AddressFileFault(['the file is not UTF-8']);
  if (/^Z_/.test(code)) return new AddressFileFault([`the file cannot be unpacked: ${(error as Error).message}`]);
  return error;
}
