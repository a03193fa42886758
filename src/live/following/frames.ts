/** One change, rendered for all who select the same of it: its cursor and the JSON of the execution's result. */
export interface RenderedChange {
  readonly position: number;
  readonly cursor: string;
  readonly json: Buffer;
}

/** Whole WebSocket frames but for the id of one subscription, which is missing at these offsets. */
interface Template {
  buffer: Buffer;
  idOffsets: number[];
}

const BEFORE_ID = Buffer.from('{"id":"');
const AFTER_ID = Buffer.from('","type":"next","payload":');
const END = Buffer.from('}');
const END_OF_EVENT = Buffer.from('\n\n');
const TEXT_FRAME = 0x81;

/**
 * Changes rendered once, in the bytes of every transport. All readers of event streams get the very same bytes; on a
 * WebSocket each message carries the subscription's own id, which is patched into one buffer just before it is written.
 */
export class Frames {
  readonly changes: readonly RenderedChange[];
  readonly #templates = new Map<number, Template>();
  #events: Buffer | undefined;

  constructor(changes: readonly RenderedChange[]) {
    this.changes = changes;
  }

  /** Bytes of JSON: what it weighs in a cache. */
  get size(): number {
    return this.changes.reduce((sum, { json }) => sum + json.length, 100);
  }

  /**
   * One `next` message for each change, in whole unmasked frames. The buffer is used again for the next subscription: a
   * connection that is not sure to have written it when this turn ends must call `leaveBuffer`. The id is given as
   * `idBytes` makes it.
   */
  messages(id: string): Buffer {
    const { buffer, idOffsets } = this.#templates.get(id.length) ?? this.#makeTemplate(id.length);
    for (const offset of idOffsets) buffer.write(id, offset, 'latin1');
    return buffer;
  }

  /** Leaves the buffer that `messages` gave out last, for ids of that length, to the connection that still writes it. */
  leaveBuffer(id: string): void {
    this.#templates.delete(id.length);
  }

  /** One `next` event for each change, with its cursor as id. */
  get events(): Buffer {
    this.#events ??= Buffer.concat(
      this.changes.flatMap(({ cursor, json }) => [
        Buffer.from(`event: next\nid: ${cursor}\ndata: `),
        json,
        END_OF_EVENT,
      ]),
    );
    return this.#events;
  }

  #makeTemplate(idLength: number): Template {
    const parts: Buffer[] = [];
    const idOffsets: number[] = [];
    let length = 0;
    const add = (part: Buffer) => {
      parts.push(part);
      length += part.length;
    };
    for (const { json } of this.changes) {
      add(header(BEFORE_ID.length + idLength + AFTER_ID.length + json.length + END.length));
      add(BEFORE_ID);
      idOffsets.push(length);
      add(Buffer.alloc(idLength));
      add(AFTER_ID);
      add(json);
      add(END);
    }
    const template = { buffer: Buffer.concat(parts, length), idOffsets };
    this.#templates.set(idLength, template);
    return template;
  }
}

/**
 * An id as it stands in a message: its bytes, each as one character. A Buffer for each of tens of thousands of
 * subscriptions would weigh ten times that, with the pool that it is cut from.
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
