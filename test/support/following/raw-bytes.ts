import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished } from 'vitest';

export const FIN = 0x80;
export const TEXT = 0x1;
export const CONTINUATION = 0x0;
export const PING = 0x9;
/** A frame as a client sends it: masked, by zeros. */
export function frame(first: number, payload: Buffer | string, { masked = true } = {}): Buffer {
  const body = Buffer.from(payload);
  const mask = masked ? 0x80 : 0;
  const size =
    body.length < 126
      ? Buffer.from([mask | body.length])
      : Buffer.from([mask | 126, body.length >> 8, body.length & 0xff]);
  return Buffer.concat([Buffer.from([first]), size, masked ? Buffer.alloc(4) : Buffer.alloc(0), body]);
}

/** A WebSocket below any library: a handshake with more headers, then whatever bytes it is told to send. */
export class RawBytes {
  readonly socket: Socket;
  heard = Buffer.alloc(0);
  isClosed = false;

  constructor(url: string, ...headers: string[]) {
    this.socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), noDelay: true });
    this.socket.on('data', (chunk) => (this.heard = Buffer.concat([this.heard, chunk])));
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => (this.isClosed = true));
    const key = randomBytes(16).toString('base64');
    this.socket.write(
      [
        'GET /graphql HTTP/1.1',
        'Host: x',
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${key}`,
        ...headers,
        'Sec-WebSocket-Protocol: graphql-transport-ws',
        '\r\n',
      ].join('\r\n'),
    );
    onTestFinished(() => void this.socket.destroy());
  }

  async opened(): Promise<this> {
    await expect.poll(() => String(this.heard)).toContain('\r\n\r\n');
    return this;
  }

  get head(): string {
    return String(this.heard).split('\r\n\r\n')[0] ?? '';
  }

  /** The code of the close frame that it was sent. */
  async closeCode(): Promise<number | undefined> {
    await expect.poll(() => this.isClosed).toBe(true);
    const at = this.heard.lastIndexOf(0x88);
    return at < 0 ? undefined : this.heard.readUInt16BE(at + 2);
  }
}
