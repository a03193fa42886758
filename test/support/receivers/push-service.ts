import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { createServer as createHttp1 } from 'node:https';
import type { AddressInfo } from 'node:net';
import { jwtVerify } from 'jose';
import { onTestFinished } from 'vitest';
import type { PushTargets } from '../../../src/channels/push/push-setting.ts';
import { selfSigned } from './self-signed.ts';

/** One push as the service got it, before anybody reads it. */
export interface ReceivedPush {
  path: string;
  headers: Record<string, string>;
  body: Buffer;
  /** Of the TLS connection that it came on. */
  connection: number;
}

type Respond = (status: number, headers?: Record<string, string>) => void;
type AnswerPush = (respond: Respond, push: ReceivedPush) => void;

const HOST = 'push.example';
/** Each keeps its certificate: a hub trusts all of them at once. */
const certificate = selfSigned(HOST);

/** Lets pushes lead to the services of this file alone, at any port. */
export async function pushTargets(more: Partial<PushTargets> = {}): Promise<PushTargets> {
  const { cert } = await certificate;
  const allow = (address: string) => address === '127.0.0.1';
  return { allow, resolve: async () => ['127.0.0.1'], ca: cert, anyPort: true, timeoutMs: 2_000, ...more };
}

/**
 * A push service of RFC 8030 over HTTP/2, or over HTTP/1.1 alone: keeps what it gets, and answers 201 until it is told
 * otherwise.
 */
export async function startPushService({ http1 = false } = {}) {
  const received: ReceivedPush[] = [];
  let answering: AnswerPush = (respond) => respond(201);
  let connections = 0;
  const numbers = new WeakMap<object, number>();
  const { key, cert } = await certificate;
  const handle = (request: Http2ServerRequest, response: Http2ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    request.on('end', () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const socket = request.stream?.session?.socket ?? request.socket;
      const push = {
        path: request.url,
        headers,
        body: Buffer.concat(chunks),
        connection: numbers.get(socket) ?? connections,
      };
      received.push(push);
      answering((status, more = {}) => void response.writeHead(status, more).end(), push);
    });
  };
  const server = http1
    ? (createHttp1({ key, cert }, handle as never) as unknown as Http2SecureServer)
    : createSecureServer({ key, cert }, handle);
  const sessions = new Set<{ goaway(code?: number, last?: number): void; destroy(): void }>();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => undefined);
    session.on('close', () => sessions.delete(session));
  });
  server.on('secureConnection', (socket) => {
    connections += 1;
    numbers.set(socket, connections);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const close = async () => {
    for (const session of sessions) session.destroy();
    if ('closeAllConnections' in server) (server as unknown as { closeAllConnections(): void }).closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  const origin = `https://${HOST}:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    received,
    close,
    get connections() {
      return connections;
    },
    answer: (next: AnswerPush) => {
      answering = next;
    },
    /** Answers every push with a status. */
    status: (status: number, headers: Record<string, string> = {}) => {
      answering = (respond) => respond(status, headers);
    },
    /** Says on every connection that it looks at nothing behind this stream. */
    goAway: (last = 0) => {
      for (const session of sessions) session.goaway(0, last);
    },
  };
}

export type PushServiceDouble = Awaited<ReturnType<typeof startPushService>>;

/** The same, which ends with the test that started it. */
export async function pushServiceOfTest(options: { http1?: boolean } = {}): Promise<PushServiceDouble> {
  const service = await startPushService(options);
  onTestFinished(() => service.close());
  return service;
}

const { subtle } = crypto;
const P256 = { name: 'ECDH', namedCurve: 'P-256' };
const label = (text: string) => Buffer.from(`${text}\0`, 'latin1');
/** WebCrypto takes no memory that may be shared. */
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

/** What a browser, or a distributor of UnifiedPush, holds of one subscription: it alone reads what comes. */
export class PushReader {
  readonly path: string;
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
  readonly #secret: CryptoKey;

  private constructor(origin: string, keys: { secret: CryptoKey; p256dh: string; auth: string }) {
    this.path = `/wpush/${crypto.randomUUID()}`;
    this.endpoint = `${origin}${this.path}`;
    this.p256dh = keys.p256dh;
    this.auth = keys.auth;
    this.#secret = keys.secret;
  }

  static async subscribe(origin: string): Promise<PushReader> {
    const { privateKey: secret, publicKey } = await subtle.generateKey(P256, true, ['deriveBits']);
    const p256dh = Buffer.from(await subtle.exportKey('raw', publicKey)).toString('base64url');
    const auth = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url');
    return new PushReader(origin, { secret, p256dh, auth });
  }

  /** Reads the JSON of a push, as RFC 8291 and 8188 have it, by WebCrypto: no line of it is the hub's. */
  async read({ body }: Pick<ReceivedPush, 'body'>): Promise<PushedWords> {
    return JSON.parse((await this.words(body)).toString());
  }

  async words(body: Buffer): Promise<Buffer> {
    const [salt, idLength] = [body.subarray(0, 16), body.readUInt8(20)];
    const sender = body.subarray(21, 21 + idLength);
    const record = body.subarray(21 + idLength);
    if (record.length > body.readUInt32BE(16)) throw new Error('there is more than one record');
    const senderKey = await subtle.importKey('raw', own(sender), P256, false, []);
    const shared = await subtle.deriveBits({ name: 'ECDH', public: senderKey }, this.#secret, 256);
    const info = Buffer.concat([label('WebPush: info'), Buffer.from(this.p256dh, 'base64url'), sender]);
    const material = await expanded(Buffer.from(shared), Buffer.from(this.auth, 'base64url'), info, 32);
    const key = await expanded(material, salt, label('Content-Encoding: aes128gcm'), 16);
    const iv = await expanded(material, salt, label('Content-Encoding: nonce'), 12);
    const secret = await subtle.importKey('raw', own(key), 'AES-GCM', false, ['decrypt']);
    const padded = Buffer.from(await subtle.decrypt({ name: 'AES-GCM', iv: own(iv) }, secret, own(record)));
    const end = padded.findLastIndex((byte) => byte !== 0);
    if (padded[end] !== 2) throw new Error('the last record does not end as one');
    return padded.subarray(0, end);
  }
}

export interface PushedWords {
  web_push: number;
  notification: {
    title: string;
    body: string;
    lang: string;
    dir: string;
    tag: string;
    navigate: string;
    silent: boolean;
  };
  tocsin: {
    id: string;
    revision: number;
    kind: string;
    severity: string | null;
    cursor: string;
    expires: string;
    confirm?: { id: string; code: string };
  };
}

async function expanded(material: Buffer, salt: Buffer, info: Buffer, bytes: number): Promise<Buffer> {
  const key = await subtle.importKey('raw', own(material), 'HKDF', false, ['deriveBits']);
  const how = { name: 'HKDF', hash: 'SHA-256', salt: own(salt), info: own(info) };
  return Buffer.from(await subtle.deriveBits(how, key, bytes * 8));
}

/** The claims of a VAPID token that its key signed for this service (RFC 8292), and that key. Throws for any other. */
export async function vapidOf({ headers }: ReceivedPush, origin: string) {
  const [, token = '', key = ''] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(headers.authorization ?? '') ?? [];
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const imported = await subtle.importKey('raw', Buffer.from(key, 'base64url'), algorithm, false, ['verify']);
  const { payload } = await jwtVerify(token, imported, { audience: origin, algorithms: ['ES256'] });
  return { key, ...payload };
}
