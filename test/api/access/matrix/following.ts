import { until } from '../../../../src/development/embedded/processes.ts';
import { RawSocket } from '../../../support/following/raw-socket.ts';
import { PATIENCE_MS } from '../../../support/patience.ts';
import { codeIn, type MatrixDesk } from './desk.ts';
import { CALLERS, type Caller } from './right.ts';

const SUBSCRIPTIONS = {
  changes: 'subscription { changes { publication { text { headline } } } }',
  deskChanges: 'subscription { deskChanges { dossier { stage preview { text { headline } } } } }',
};
type Field = keyof typeof SUBSCRIPTIONS;

interface Line {
  /** All that came, as text. */
  heard(): string;
  end(): Promise<void>;
}

/** Everything that one caller heard over one line, or the code with which the line was refused. */
export class Following {
  readonly name: string;
  readonly caller: Caller;
  readonly #line: Line;

  private constructor(name: string, caller: Caller, line: Line) {
    this.name = name;
    this.caller = caller;
    this.#line = line;
  }

  /** Opens each subscription by each door, as everybody. */
  static async ofAll(desk: MatrixDesk): Promise<Following[]> {
    const all: Following[] = [];
    for (const caller of CALLERS)
      for (const field of Object.keys(SUBSCRIPTIONS) as Field[])
        for (const [door, open] of [['WebSocket', bySocket] as const, ['SSE', byEvents] as const]) {
          const line = await desk.attempt(() => open(desk, caller, SUBSCRIPTIONS[field]));
          all.push(new Following(`${field} by ${door}`, caller, line));
        }
    return all;
  }

  /** Whether a word was heard, or the line was refused. */
  has(word: string): boolean {
    return this.#code() !== undefined || this.#line.heard().includes(word);
  }

  /** Waits for the last word, or for a refusal; answers what was heard until then, or the code. */
  async until(last: string): Promise<{ text: string } | { code: string }> {
    if (!(await until(async () => this.has(last), PATIENCE_MS)))
      throw new Error(`${this.name} of ${this.caller} heard ${this.#line.heard().slice(-500)}`);
    const code = this.#code();
    return code ? { code } : { text: this.#line.heard() };
  }

  end(): Promise<void> {
    return this.#line.end();
  }

  #code(): string | undefined {
    return codeIn(this.#line.heard());
  }
}

async function bySocket({ hub, headers }: MatrixDesk, caller: Caller, query: string): Promise<Line> {
  const socket = await new RawSocket(hub.url).init(headers(caller));
  // A greeting with a token that lets nobody in ends the connection.
  if (socket.closed?.code === 4403) return { heard: () => '"code":"UNAUTHENTICATED"', end: async () => undefined };
  await socket.subscribe('1', query);
  return { heard: () => JSON.stringify(socket.of('1')), end: () => socket.end() };
}

async function byEvents({ hub, headers }: MatrixDesk, caller: Caller, query: string): Promise<Line> {
  const stop = new AbortController();
  const answer = await fetch(`${hub.url}/graphql/stream?query=${encodeURIComponent(query)}`, {
    headers: { accept: 'text/event-stream', ...headers(caller) },
    signal: stop.signal,
  });
  let text = '';
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? []) text += decoder.decode(chunk, { stream: true });
  })().catch(() => undefined);
  return {
    heard: () => text,
    end: async () => {
      stop.abort();
      await reading;
    },
  };
}
