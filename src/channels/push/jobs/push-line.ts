import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect as connectHttp2,
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { isIP } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { Agent, request } from 'undici';
import { checkedAddress, systemResolve } from '../../../outgoing/checked-connection.ts';
import { checkedConnector } from '../../../outgoing/checked-connector.ts';
import type { PushTargets } from '../push-setting.ts';
import { Unsent } from './push-answer.rules.ts';

/** One push as HTTP has it. */
export interface PushRequest {
  path: string;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

export interface HttpAnswer {
  status: number;
  retryAfter: string | null;
}

/** An open way to one push service. */
export interface PushLine {
  readonly isOpen: boolean;
  /** Throws Unsent, or what went wrong; within the time of one attempt. */
  post(request: PushRequest): Promise<HttpAnswer>;
  close(): void;
}

const ATTEMPT_MS = 10_000;
/** A line that nobody used for that long is closed. */
const IDLE_MS = 60_000;
/** Of an answer that many bytes are read, and nothing is kept. */
const ANSWER_BYTES = 16_384;

/**
 * Opens a way to a service: connects to the very address of its name that passed the check, and speaks HTTP/2 where the
 * service does, many pushes at a time on one connection. Else it is HTTP/1.1, as some servers of UnifiedPush have it.
 */
export async function openLine(origin: string, targets: PushTargets): Promise<PushLine> {
  const { allow, resolve = systemResolve, ca, timeoutMs = ATTEMPT_MS } = targets;
  const { hostname, port } = new URL(origin);
  const host = await checkedAddress(hostname, allow, resolve);
  const socket = connectTls({
    host,
    port: port === '' ? 443 : Number(port),
    ALPNProtocols: ['h2', 'http/1.1'],
    ...(isIP(hostname.replace(/^\[|\]$/g, '')) ? {} : { servername: hostname }),
    ...(ca ? { ca } : {}),
  });
  await secured(socket, timeoutMs);
  if (socket.alpnProtocol === 'h2') return new Http2Line(origin, socket, timeoutMs);
  socket.destroy();
  return new Http1Line(origin, targets, timeoutMs);
}

function secured(socket: TLSSocket, ms: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const late = setTimeout(() => socket.destroy(new Error('the push service does not answer in time')), ms);
  socket.once('secureConnect', resolve);
  socket.once('error', reject);
  socket.once('close', () => reject(new Error('the push service closed the connection')));
  return promise.finally(() => clearTimeout(late));
}

class Http2Line implements PushLine {
  readonly #session: ClientHttp2Session;
  readonly #timeoutMs: number;
  /** The last stream that the service looked at, once it said that it takes no more. */
  #lastLooked = Number.POSITIVE_INFINITY;
  #answeredAt = 0;

  constructor(origin: string, socket: TLSSocket, timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#session = connectHttp2(origin, { createConnection: () => socket, settings: { enablePush: false } });
    // Each request hears of it by its own stream.
    this.#session.on('error', () => undefined);
    this.#session.on('goaway', (_code, last) => {
      this.#lastLooked = last;
      // Closes once what is under way has ended.
      this.#session.close();
    });
    this.#session.setTimeout(IDLE_MS, () => this.#session.close());
  }

  get isOpen(): boolean {
    return !this.#session.closed && !this.#session.destroyed;
  }

  post({ path, headers, body }: PushRequest): Promise<HttpAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
    const stream = this.#begin({ ':method': 'POST', ':path': path, ...headers });
    if (!stream) return Promise.reject(new Unsent());
    const began = performance.now();
    const late = setTimeout(() => {
      stream.close(constants.NGHTTP2_CANCEL);
      // The line may be dead without a word: the next push opens another one.
      if (this.#answeredAt < began) this.#session.close();
    }, this.#timeoutMs);
    let bytes = 0;
    stream.on('response', (answer) => {
      this.#answeredAt = performance.now();
      resolve(answerIn(answer[':status'] ?? 0, answer));
    });
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > ANSWER_BYTES) stream.close(constants.NGHTTP2_CANCEL);
    });
    // It comes with the close as well, which is of every stream.
    stream.on('error', () => undefined);
    stream.on('close', () => {
      clearTimeout(late);
      const isLooked = stream.id !== undefined && stream.id <= this.#lastLooked;
      const isRefused = stream.rstCode === constants.NGHTTP2_REFUSED_STREAM;
      reject(isLooked && !isRefused ? new Error('the push service did not answer') : new Unsent());
    });
    stream.end(body);
    return promise;
  }

  close(): void {
    this.#session.destroy();
  }

  /** Undefined where the service closes its line in this very moment. */
  #begin(headers: OutgoingHttpHeaders): ClientHttp2Stream | undefined {
    try {
      return this.isOpen ? this.#session.request(headers) : undefined;
    } catch {
      return undefined;
    }
  }
}

const answerIn = (status: number, headers: IncomingHttpHeaders): HttpAnswer => ({
  status,
  retryAfter: headers['retry-after'] ?? null,
});

class Http1Line implements PushLine {
  readonly #origin: string;
  readonly #agent: Agent;
  readonly #timeoutMs: number;
  #isOpen = true;

  constructor(origin: string, targets: PushTargets, timeoutMs: number) {
    this.#origin = origin;
    this.#timeoutMs = timeoutMs;
    this.#agent = new Agent({
      connect: checkedConnector(targets),
      connections: 8,
      keepAliveTimeout: 10_000,
      maxHeaderSize: ANSWER_BYTES,
    });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  async post({ path, headers, body }: PushRequest): Promise<HttpAnswer> {
    const signal = AbortSignal.timeout(this.#timeoutMs);
    const options = { dispatcher: this.#agent, method: 'POST', headers, body, signal } as const;
    const answer = await request(`${this.#origin}${path}`, options);
    await answer.body.dump({ limit: ANSWER_BYTES, signal }).catch(() => undefined);
    const asked = answer.headers['retry-after'];
    return { status: answer.statusCode, retryAfter: typeof asked === 'string' ? asked : null };
  }

  close(): void {
    this.#isOpen = false;
    this.#agent.destroy().catch(() => undefined);
  }
}
