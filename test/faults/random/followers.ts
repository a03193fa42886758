import { type ClientRequest, get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { resuming } from '../../../src/client/resuming.ts';
import type { FollowerLog, Heard, StartedOver } from './checker.ts';
import { toldOf } from './database.ts';

const FIELDS = `cursor position type publication { id revision ... on ClosurePublication { observed { note } } }`;
const SUBSCRIPTION = `subscription ($after: Cursor) { changes(after: $after) { ${FIELDS} } }`;
const PAGE = `query ($after: Cursor) { changes(after: $after, first: 500) { endCursor nodes { ${FIELDS} } } }`;

/** How long these clients wait for a sign of life before they come back by another connection. */
const SILENCE_MS = 5_000;
/** An event stream has a heartbeat every 15 seconds, and no pings. */
const STREAM_SILENCE_MS = 17_000;
const BACK_MS = 100;
const POLL_MS = 300;

interface Change {
  cursor: string;
  position: number;
  type: string;
  publication: { id: string; revision: number; observed?: { note: string | null } | null } | null;
}
interface Refusal {
  message: string;
  extensions?: { code?: string; cursor?: string };
}
interface Told {
  data?: { changes: Change } | null;
  errors?: readonly Refusal[];
}

interface Page {
  data?: { changes: { endCursor: string; nodes: Change[] } | null } | null;
  errors?: Refusal[];
}

/** Texts that all followers hear are kept once. */
const TEXTS = new Map<string, string>();
function once(text: string): string {
  const known = TEXTS.get(text);
  if (known !== undefined) return known;
  TEXTS.set(text, text);
  return text;
}

/** Follows by a cursor, whatever becomes of its connection, which leads to another hub each time it is made. */
export abstract class RandomFollower {
  readonly heard: Heard[] = [];
  readonly startedOver: StartedOver[] = [];
  /** Answers that nobody promised. */
  readonly faults: string[] = [];
  readonly name: string;
  readonly from: number;
  connections = 0;
  protected cursor: string;
  protected stopped = false;
  readonly #doors: readonly string[];
  #turn: number;

  constructor({ name, turn, doors, start }: FollowerOptions) {
    this.name = name;
    this.from = start.position;
    this.cursor = start.cursor;
    this.#doors = doors;
    this.#turn = turn;
  }

  /** The last position of which it knows everything. */
  get position(): number {
    return Math.max(this.heard.at(-1)?.position ?? this.from, this.startedOver.at(-1)?.to ?? 0);
  }

  /** All that it has heard until now. */
  log(): FollowerLog {
    const { name, from, heard, startedOver } = this;
    return { name, from, heard: [...heard], startedOver: [...startedOver] };
  }

  abstract begin(): void;
  /** Loses its connection. */
  abstract cut(): void;
  /** Reads nothing; the function that is answered lets it go on. */
  abstract sleep(): () => void;

  stop(): unknown {
    this.stopped = true;
    return this.cut();
  }

  /** The door to knock at next. */
  protected door(): string {
    this.connections += 1;
    const door = this.#doors[this.#turn++ % this.#doors.length];
    if (!door) throw new Error('no hub has a door');
    return door;
  }

  protected hear({ cursor, position, type, publication }: Change): void {
    this.cursor = cursor;
    if (!publication) return;
    const [subject = ''] = publication.id.split('@');
    const { revision, observed } = publication;
    const told = once(toldOf({ type, subject, revision, note: observed?.note ?? null }));
    this.heard.push({ position, told, at: Date.now() });
  }

  /** Starts over where it must; a hub that cannot serve just then is left; every other answer is a fault. */
  protected refused(errors: readonly Refusal[]): void {
    const [first] = errors;
    const cursor = first?.extensions?.cursor;
    if (first?.extensions?.code === 'RESYNC_REQUIRED' && cursor) this.startOver(cursor);
    else if (first?.extensions?.code !== 'UNAVAILABLE') this.faults.push(`${this.name}: ${JSON.stringify(errors)}`);
  }

  protected startOver(cursor: string): void {
    this.cursor = cursor;
    const to = Number(Buffer.from(cursor, 'base64url').toString().split('.')[2]);
    this.startedOver.push({ after: this.heard.length, to });
  }
}

interface FollowerOptions {
  name: string;
  /** Which door it tries first. */
  turn: number;
  doors: readonly string[];
  start: { cursor: string; position: number };
}

/** A WebSocket whose connecting has an end. */
class ImpatientSocket extends WebSocket {
  constructor(address: string, protocols: string | string[]) {
    super(address, protocols, { handshakeTimeout: SILENCE_MS });
  }
}
const socketAt = (door: string) => `${door.replace('http', 'ws')}/graphql`;

/** Close codes of a hub that is at fault, or thinks that the client is. */
const CODES_OF_FAULTS = [1002, 1007, 1009, 1011, 4400, 4401, 4403, 4406, 4409, 4429, 4500];

/** WebSocket, frames by hand. */
class SocketFollower extends RandomFollower {
  #socket: WebSocket | undefined;
  #asleep = false;

  begin(): void {
    if (this.stopped) return;
    const socket = new ImpatientSocket(socketAt(this.door()), 'graphql-transport-ws');
    this.#socket = socket;
    let heardAt = performance.now();
    const alive = () => {
      heardAt = performance.now();
    };
    const watch = setInterval(() => {
      if (this.#asleep) alive();
      else if (performance.now() - heardAt > SILENCE_MS) socket.terminate();
      else if (socket.readyState === WebSocket.OPEN) socket.ping();
    }, SILENCE_MS / 4);
    socket.on('error', () => undefined);
    socket.on('pong', alive);
    socket.on('open', () => socket.send('{"type":"connection_init"}'));
    socket.on('close', (code) => {
      clearInterval(watch);
      if (CODES_OF_FAULTS.includes(code)) this.faults.push(`${this.name}: closed with ${code}`);
      setTimeout(() => this.begin(), BACK_MS);
    });
    socket.on('message', (text) => {
      alive();
      this.#read(socket, JSON.parse(String(text)));
    });
  }

  #read(socket: WebSocket, message: { type: string; payload?: unknown }): void {
    if (message.type === 'connection_ack') {
      const payload = { query: SUBSCRIPTION, variables: { after: this.cursor } };
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
    } else if (message.type === 'next') {
      const { data, errors } = message.payload as Told;
      if (data) this.hear(data.changes);
      else this.#leave(socket, errors ?? []);
    } else if (message.type === 'error') this.#leave(socket, message.payload as Refusal[]);
    else if (message.type === 'complete') socket.close();
  }

  #leave(socket: WebSocket, errors: readonly Refusal[]): void {
    this.refused(errors);
    socket.close();
  }

  cut(): void {
    this.#socket?.terminate();
  }

  sleep(): () => void {
    const socket = this.#socket;
    this.#asleep = true;
    if (socket?.readyState === WebSocket.OPEN) socket.pause();
    return () => {
      this.#asleep = false;
      if (socket?.readyState === WebSocket.OPEN) socket.resume();
    };
  }
}

/** The published client of graphql-ws, with the hub's own for resuming. */
class ResumingFollower extends RandomFollower {
  #client: ReturnType<typeof createClient> | undefined;

  begin(): void {
    const client = createClient({
      url: () => socketAt(this.door()),
      webSocketImpl: ImpatientSocket,
      connectionAckWaitTimeout: SILENCE_MS,
      retryAttempts: Number.POSITIVE_INFINITY,
      shouldRetry: () => true,
      retryWait: () => pause(BACK_MS),
      keepAlive: SILENCE_MS / 2,
    });
    this.#client = client;
    const onResync = ({ cursor }: { cursor: string }) => this.startOver(cursor);
    resuming(client, { onResync, pongWithinMs: SILENCE_MS / 2 }).subscribe<{ changes: Change }>(
      { query: SUBSCRIPTION, variables: { after: this.cursor } },
      {
        next: ({ data, errors }) => {
          if (data) this.hear(data.changes);
          else this.faults.push(`${this.name}: ${JSON.stringify(errors)}`);
        },
        error: (error) => void this.faults.push(`${this.name}: ${JSON.stringify(error)}`),
        complete: () => {
          if (!this.stopped) this.faults.push(`${this.name}: completed`);
        },
      },
    );
  }

  override async stop(): Promise<void> {
    this.stopped = true;
    // graphql-ws throws here what keeps it from connecting just then.
    await Promise.resolve(this.#client?.dispose()).catch(() => undefined);
  }

  cut(): void {
    this.#client?.terminate();
  }

  /** Nobody can keep this client from reading: it is cut. */
  sleep(): () => void {
    this.cut();
    return () => undefined;
  }
}

/** An event stream, read by hand. */
class StreamFollower extends RandomFollower {
  #request: ClientRequest | undefined;

  begin(): void {
    if (this.stopped) return;
    const url = `${this.door()}/graphql/stream?query=${encodeURIComponent(SUBSCRIPTION)}`;
    const request = get(url, { agent: false, headers: { accept: 'text/event-stream', 'last-event-id': this.cursor } });
    this.#request = request;
    request.setTimeout(SILENCE_MS, () => request.destroy());
    request.on('error', () => undefined);
    request.on('close', () => setTimeout(() => this.begin(), BACK_MS));
    request.on('response', (answer) => {
      request.setTimeout(STREAM_SILENCE_MS);
      const { statusCode } = answer;
      if (statusCode !== 200 && statusCode !== 503) this.faults.push(`${this.name}: status ${statusCode}`);
      let text = '';
      answer.setEncoding('utf8');
      answer.on('error', () => undefined);
      answer.on('data', (chunk: string) => {
        const events = (text + chunk).split('\n\n');
        text = events.pop() ?? '';
        for (const event of events) this.#read(event);
      });
    });
  }

  #read(event: string): void {
    const line = /^data: (.+)$/m.exec(event)?.[1];
    if (!line) return;
    const { data, errors } = JSON.parse(line) as Told;
    if (data) this.hear(data.changes);
    else if (errors) this.refused(errors);
  }

  cut(): void {
    this.#request?.destroy();
  }

  sleep(): () => void {
    const socket = this.#request?.socket;
    socket?.pause();
    return () => socket?.resume();
  }
}

/** Asks `changes` for what is new, again and again, at one hub until that fails. */
class AskingFollower extends RandomFollower {
  #abort = new AbortController();
  #asleep: Promise<void> | undefined;

  begin(): void {
    void this.#ask();
  }

  async #ask(): Promise<void> {
    let door = this.door();
    while (!this.stopped) {
      await this.#asleep;
      const went = await this.#page(door);
      if (!went) {
        this.#abort = new AbortController();
        door = this.door();
      }
      await pause(POLL_MS);
    }
  }

  /** Takes a page; false where the hub has none just then. */
  async #page(door: string): Promise<boolean> {
    const signal = AbortSignal.any([this.#abort.signal, AbortSignal.timeout(SILENCE_MS)]);
    const answer = await fetch(`${door}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: PAGE, variables: { after: this.cursor } }),
      signal,
    })
      .then((response) => response.json() as Promise<Page>)
      .catch(() => undefined);
    if (!answer) return false;
    const changes = answer.data?.changes;
    if (!changes) {
      this.refused(answer.errors ?? []);
      return false;
    }
    for (const change of changes.nodes) this.hear(change);
    this.cursor = changes.endCursor;
    return true;
  }

  cut(): void {
    this.#abort.abort();
  }

  sleep(): () => void {
    let wake = (): void => undefined;
    this.#asleep = new Promise((resolve) => {
      wake = resolve;
    });
    return wake;
  }
}

const WAYS: readonly [string, new (options: FollowerOptions) => RandomFollower][] = [
  ['WebSocket', SocketFollower],
  ['event stream', StreamFollower],
  ['resuming client', ResumingFollower],
  ['WebSocket', SocketFollower],
  ['asking', AskingFollower],
];

/** So many followers, by every way there is, at every hub. */
export const followersAt = (
  doors: readonly string[],
  count: number,
  start: FollowerOptions['start'],
): RandomFollower[] =>
  Array.from({ length: count }, (_, number) => {
    const [way, Follower] = WAYS[number % WAYS.length] ?? ['WebSocket', SocketFollower];
    const follower = new Follower({ name: `follower ${number} (${way})`, turn: number, doors, start });
    follower.begin();
    return follower;
  });
