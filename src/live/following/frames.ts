/** One change as it was rendered for all who asked for the same: its cursor and the JSON of the execution's result. */
export interface Rendered {
  readonly position: number;
  readonly cursor: string;
  readonly json: Buffer;
}

/** A WebSocket buffer whose frames still want the id of one subscription, at these places. */
interface Sheet {
  buffer: Buffer;
  holes: number[];
}

const BEFORE_ID = Buffer.from('{"id":"');
const AFTER_ID = Buffer.from('","type":"next","payload":');
const END = Buffer.from('}');
const TEXT_FRAME = 0x81;

/**
 * Changes rendered once, in the bytes of every transport. On SSE all readers get the very same bytes; on WebSocket each
 * message carries the reader's own id, which is patched into one buffer just before it is written.
 */
export class Frames {
  readonly changes: readonly Rendered[];
  readonly #sheets = new Map<number, Sheet>();
  #events: Buffer | undefined;

  constructor(changes: readonly Rendered[]) {
    this.changes = changes;
  }

  /** Bytes of JSON: what it weighs in a cache. */
  get size(): number {
    return this.changes.reduce((sum, { json }) => sum + json.length, 100);
  }

  /**
   * One `next` message per change, in whole unmasked frames. The buffer is used again for the next reader: whoever
   * cannot be sure that it was written when this turn ends calls `keep`. The id is its bytes in a message, each as one
   * character (`idBytes`).
   */
  messages(id: string): Buffer {
    const sheet = this.#sheets.get(id.length) ?? this.#drawSheet(id.length);
    for (const hole of sheet.holes) sheet.buffer.write(id, hole, 'latin1');
    return sheet.buffer;
  }

  /** Leaves the buffer that was given out last for ids of that length to whoever still writes it. */
  keep(id: string): void {
    this.#sheets.delete(id.length);
  }

  /** One `next` event per change, its cursor as id. */
  get events(): Buffer {
    this.#events ??= Buffer.concat(
      this.changes.flatMap(({ cursor, json }) => [Buffer.from(`event: next\nid: ${cursor}\ndata: `), json, BREAK]),
    );
    return this.#events;
  }

  #drawSheet(idLength: number): Sheet {
    const parts: Buffer[] = [];
    const holes: number[] = [];
    let length = 0;
    const add = (part: Buffer) => {
      parts.push(part);
      length += part.length;
    };
    for (const { json } of this.changes) {
      add(header(BEFORE_ID.length + idLength + AFTER_ID.length + json.length + END.length));
      add(BEFORE_ID);
      holes.push(length);
      add(Buffer.alloc(idLength));
      add(AFTER_ID);
      add(json);
      add(END);
    }
    const sheet = { buffer: Buffer.concat(parts, length), holes };
    this.#sheets.set(idLength, sheet);
    return sheet;
  }
}

const BREAK = Buffer.from('\n\n');

/**
 * An id as it stands in a message: its bytes, each as one character. A Buffer for each of tens of thousands of readers
 * would weigh ten times that, with the pool that it is cut from.
 */
export function idBytes(id: string): string {
  const bytes = Buffer.from(JSON.stringify(id).slice(1, -1)).toString('latin1');
  return bytes === id ? id : bytes;
}

/** The head of a final text frame without a mask (RFC 6455, 5.2). */
function header(length: number): Buffer {
  if (length < 126) return Buffer.from([TEXT_FRAME, length]);
  if (length < 65_536) {
    const short = Buffer.from([TEXT_FRAME, 126, 0, 0]);
    short.writeUInt16BE(length, 2);
    return short;
  }
  const long = Buffer.alloc(10);
  long.set([TEXT_FRAME, 127]);
  long.writeBigUInt64BE(BigInt(length), 2);
  return long;
}
