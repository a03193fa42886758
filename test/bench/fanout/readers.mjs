import { connect } from 'node:net';
import { createInterface } from 'node:readline';

/**
 * Thousands of WebSocket (or SSE) readers in one process, as light as they can be: bytes are counted as frames or events
 * and thrown away. Told what to do by lines of JSON on stdin; answers lines of JSON, times in nanoseconds of the
 * monotonic clock, which all processes share.
 */
const { port, count, kind, query, variables = [null], from = 0, want = Infinity } = JSON.parse(process.argv[2]);
const INIT = '{"type":"connection_init"}';

const now = () => Number(process.hrtime.bigint());
const say = (fact) => process.stdout.write(`${JSON.stringify(fact)}\n`);

function frame(text) {
  const body = Buffer.from(text);
  const head =
    body.length < 126
      ? Buffer.from([0x81, 0x80 | body.length, 0, 0, 0, 0])
      : Buffer.from([0x81, 0xfe, body.length >> 8, body.length & 255, 0, 0, 0, 0]);
  return Buffer.concat([head, body]);
}

let armed = { want, got: 0, first: 0 };
const readers = [];
let standing = 0;

class Reader {
  constructor(index) {
    this.index = index;
    this.got = 0;
    this.skip = 0;
    this.part = null;
    this.stands = false;
    this.socket = connect({ port, host: '127.0.0.1', localAddress: `127.0.0.${2 + (index % 8)}`, noDelay: true });
    this.socket.write(
      kind === 'sse'
        ? this.request()
        : `GET /graphql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`,
    );
    this.opened = false;
    this.socket.on('data', (data) => this.take(data));
    this.socket.on('error', (error) => say({ fault: String(error) }));
    this.socket.on('close', () => say({ closed: index }));
  }
  request() {
    const body = JSON.stringify({ query, variables: variables[this.index % variables.length] });
    return `POST /graphql/stream HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  }
  take(data) {
    if (!this.opened) {
      const end = data.indexOf('\r\n\r\n');
      if (end < 0) return;
      this.opened = true;
      if (kind === 'ws') this.socket.write(frame(INIT));
      if (kind === 'raw') this.stand();
      if (kind === 'sse') this.stand();
      data = data.subarray(end + 4);
    }
    if (kind === 'sse') return this.events(data);
    if (this.part) {
      data = Buffer.concat([this.part, data]);
      this.part = null;
    }
    let at = this.skip;
    if (at >= data.length) {
      this.skip = at - data.length;
      return;
    }
    while (at < data.length) {
      if (data.length - at < 10 && data.length - at < need(data, at)) {
        this.part = data.subarray(at);
        this.skip = 0;
        return;
      }
      const length = data[at + 1] & 127;
      const start = at + (length < 126 ? 2 : length === 126 ? 4 : 10);
      const size =
        length < 126 ? length : length === 126 ? data.readUInt16BE(at + 2) : Number(data.readBigUInt64BE(at + 2));
      if ((data[at] & 15) === 1) this.message(data, start, size);
      else if ((data[at] & 15) === 9) this.socket.write(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]));
      at = start + size;
    }
    this.skip = at - data.length;
  }
  events(data) {
    for (let at = data.indexOf('event: next'); at >= 0; at = data.indexOf('event: next', at + 11)) this.count();
  }
  message(data, start, size) {
    if (this.stands) return this.count();
    const text = data.toString('latin1', start, start + Math.min(size, 60));
    if (text.includes('connection_ack')) {
      const id = `${String(from + this.index).padStart(8, '0')}-0000-4000-8000-000000000000`;
      this.socket.write(
        frame(
          JSON.stringify({
            id,
            type: 'subscribe',
            payload: { query, variables: variables[this.index % variables.length] },
          }),
        ),
      );
      if (process.env.NO_CHECKPOINT) this.stand();
    } else this.stand();
  }
  stand() {
    this.stands = true;
    standing += 1;
    if (standing === count) say({ standing, at: now() });
  }
  count() {
    if (armed.got === 0) armed.first = now();
    armed.got += 1;
    if (armed.got === armed.want) say({ all: armed.got, first: armed.first, last: now() });
  }
}
const need = (data, at) => {
  if (data.length - at < 2) return 2;
  const length = data[at + 1] & 127;
  return length < 126 ? 2 : length === 126 ? 4 : 10;
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const { arm, end } = JSON.parse(line);
  if (arm) {
    armed = { want: arm, got: 0, first: 0 };
    say({ armed: arm });
  }
  if (end) {
    for (const { socket } of readers) socket.destroy();
    process.exit(0);
  }
});

// A few hundred at a time: a listen queue has its bounds.
let next = 0;
const more = () => {
  const until = Math.min(count, standing + 400);
  for (; next < until; next += 1) readers.push(new Reader(next));
  if (next < count) setTimeout(more, 5);
};
more();
