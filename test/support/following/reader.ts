import { WebSocket } from 'ws';

interface Told {
  cursor: string;
  type: string;
  publication: { verifiedAt: string } | null;
}

/** How long a reader waits before it comes back, in milliseconds. */
const RETURN_MS = 100;

/** Changes with their texts, of which `verifiedAt` tells when the journal's pump wrote them. */
export const EVERYTHING = `subscription ($after: Cursor) { changes(after: $after) { cursor type
  publication { id verifiedAt text { headline description } } } }`;

export const positionOf = (cursor: string): number =>
  Number(Buffer.from(cursor, 'base64url').toString().split('.').at(-1));

/** A reader whose changes are counted by their positions, and who may stop reading. */
export class Reader {
  readonly positions: number[] = [];
  /** Between the writing of a change and its arrival, in milliseconds, for those of the pump. */
  readonly delays: number[] = [];
  closed: string | undefined;
  #cursor: string | null;
  #isThere = false;
  #socket: WebSocket;
  readonly #url: string;
  #returns: boolean;

  /**
   * With more subscriptions than one on its connection all of them are told the same; the first is listened to. One that
   * `returns` comes back with its cursor whenever it is closed, as every client does.
   */
  constructor(url: string, { after = null as string | null, subscriptions = 1, returns = false } = {}) {
    this.#url = url;
    this.#cursor = after;
    this.#returns = returns;
    this.#socket = this.#open(subscriptions);
  }

  /** Whether it was told anything. */
  get isThere(): boolean {
    return this.#isThere;
  }

  /** Stops right behind its next pong, so that the hub thinks it well for as long as can be. */
  stop(): Promise<void> {
    return new Promise((resolve) =>
      this.#socket.once('ping', () => {
        this.#socket.pause();
        resolve();
      }),
    );
  }

  read(): void {
    this.#socket.resume();
  }

  /**
   * Comes back with its cursor, and from then on whenever it is closed: a machine under load may not read what two hundred
   * readers missed before the hub gives some of them up once more.
   */
  comeBack(): void {
    this.#returns = true;
    this.#socket = this.#open(1);
  }

  end(): void {
    this.#returns = false;
    this.#socket.terminate();
  }

  #open(subscriptions: number): WebSocket {
    const socket = new WebSocket(`${this.#url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const say = (message: object) => socket.send(JSON.stringify(message));
    socket.on('error', () => undefined);
    socket.on('open', () => say({ type: 'connection_init' }));
    socket.on('close', (code, reason) => {
      this.closed = `${code} ${reason}`;
      if (this.#returns) setTimeout(() => this.#returns && this.comeBack(), RETURN_MS);
    });
    socket.on('message', (text: Buffer) => {
      if (text.subarray(0, 20).includes('"id":"other')) return;
      const { type, payload } = JSON.parse(String(text));
      if (type === 'next') this.#hear(payload.data.changes);
      if (type !== 'connection_ack') return;
      const asked = { query: EVERYTHING, variables: { after: this.#cursor } };
      for (let number = 1; number <= subscriptions; number++)
        say({ id: number === 1 ? '1' : `other${number}`, type: 'subscribe', payload: asked });
    });
    return socket;
  }

  #hear({ cursor, type, publication }: Told): void {
    this.#cursor = cursor;
    this.#isThere = true;
    if (type === 'CHECKPOINT') return;
    this.positions.push(positionOf(cursor));
    const written = publication?.verifiedAt;
    // The hub itself writes whole seconds.
    if (written?.includes('.')) this.delays.push(Date.now() - Date.parse(written));
  }
}

/** Median and p99 of what has come since the last call, in milliseconds. */
export function delaysOf(readers: Reader[]): [number, number] {
  const delays = readers.flatMap((reader) => reader.delays.splice(0)).sort((one, other) => one - other);
  const share = (of: number) => delays[Math.floor(delays.length * of)] ?? Number.NaN;
  return [share(0.5), share(0.99)];
}

/** A figure of `/metrics`. */
export async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}
