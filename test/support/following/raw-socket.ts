import { WebSocket } from 'ws';
import { PATIENCE_MS } from '../patience.ts';

/** A WebSocket that says exactly what it is told to, and keeps what it hears: for cases that no client library plays. */
export class RawSocket {
  readonly heard: Record<string, unknown>[] = [];
  closed: { code: number; reason: string } | undefined;
  readonly #socket: WebSocket;
  readonly #waiting = new Set<() => void>();

  constructor(
    url: string,
    { protocol = 'graphql-transport-ws', headers = {} as Record<string, string>, path = '/graphql' } = {},
  ) {
    this.#socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, protocol, { headers });
    this.#socket.on('error', () => undefined);
    this.#socket.on('message', (data) => {
      this.heard.push(JSON.parse(String(data)));
      this.#tell();
    });
    this.#socket.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) };
      this.#tell();
    });
    this.#socket.on('open', () => this.#tell());
  }

  get underlying(): WebSocket {
    return this.#socket;
  }

  /** Says a message once the connection stands; text goes as it is. */
  async say(message: object | string): Promise<void> {
    await this.until(() => this.#socket.readyState !== WebSocket.CONNECTING);
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  async init(payload?: object): Promise<this> {
    await this.say({ type: 'connection_init', payload });
    await this.until(() => this.heard.length > 0 || this.closed !== undefined);
    return this;
  }

  subscribe(id: string, query: string, variables?: object): Promise<void> {
    return this.say({ id, type: 'subscribe', payload: { query, variables } });
  }

  /** The messages of one operation, in order. */
  of(id: string): Record<string, unknown>[] {
    return this.heard.filter((message) => message.id === id);
  }

  /** Resolves when the condition holds; checked at each message. Rejects after a minute. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (!condition()) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        reject(new Error(`waited; heard ${JSON.stringify(this.heard.slice(-3))}, closed ${this.closed?.code}`));
      }, PATIENCE_MS);
      this.#waiting.add(check);
      check();
    });
  }

  async ended(): Promise<{ code: number; reason: string }> {
    await this.until(() => this.closed !== undefined);
    return this.closed as { code: number; reason: string };
  }

  async end(): Promise<void> {
    this.#socket.terminate();
    await this.ended();
  }

  #tell(): void {
    for (const check of [...this.#waiting]) check();
  }
}
