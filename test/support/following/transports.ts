import { setTimeout as pause } from 'node:timers/promises';
import { ApolloClient, ApolloLink, gql, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { subscriptionExchange, Client as Urql } from '@urql/core';
import { EventSource } from 'eventsource';
import { createClient as createSseClient } from 'graphql-sse';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { resuming } from '../../../src/client/resuming.ts';
import { decodeCursor } from '../../../src/journal/cursor.rules.ts';

/** How soon a client of the tests comes back: nobody waits for seconds, and nobody spins. */
const BACK_MS = 50;

export const CHANGES = `subscription ($after: Cursor) {
  changes(after: $after) { cursor type publication { id revision text { headline description } } } }`;

interface Told {
  changes: { cursor: string; type: string };
}

/** Makes the token of a connection; the tests' clients ask for one each time. */
export type Tokens = () => Promise<string>;

/** Somebody who follows over one transport, and what came. */
export class Listener {
  /** The positions of all changes, in the order in which they came; checkpoints apart. */
  readonly positions: number[] = [];
  readonly errors: unknown[] = [];
  /** How often the connection was made. */
  connections = 0;
  cursor: string | null = null;
  stopped = false;
  readonly name: string;
  stop: () => unknown = () => undefined;

  constructor(name: string) {
    this.name = name;
  }

  readonly connected = (): void => {
    this.connections += 1;
  };

  hear(data: Told | null | undefined): void {
    if (!data) return;
    const { cursor, type } = data.changes;
    this.cursor = cursor;
    if (type !== 'CHECKPOINT') this.positions.push(decodeCursor(cursor)?.position ?? Number.NaN);
  }

  async end(): Promise<void> {
    this.stopped = true;
    // graphql-ws throws here what keeps it from connecting just then.
    await Promise.resolve(this.stop()).catch(() => undefined);
  }
}

type Open = (listener: Listener, url: string, tokens?: Tokens) => void;

const socketAt = (url: string) => `${url.replace('http', 'ws')}/graphql`;

/** The published client, as patient as a test wants it. */
function webSocketClient(listener: Listener, url: string, tokens?: Tokens): Client {
  const client = createClient({
    url: socketAt(url),
    webSocketImpl: WebSocket,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: () => pause(BACK_MS),
    ...(tokens ? { connectionParams: async () => ({ authorization: `Bearer ${await tokens()}` }) } : {}),
    on: { connected: listener.connected },
  });
  listener.stop = () => client.dispose();
  return client;
}

const resumingClient: (...given: Parameters<Open>) => Client = (listener, url, tokens) =>
  resuming(webSocketClient(listener, url, tokens), {
    onResync: ({ cursor }) => listener.errors.push(`RESYNC_REQUIRED ${cursor}`),
  });

/** What every sink of a client does. */
export const sinkOf = (listener: Listener) => ({
  next: ({ data }: { data?: unknown }) => listener.hear(data as Told | undefined),
  error: (error: unknown) => void listener.errors.push(error),
  complete: () => {
    if (!listener.stopped) listener.errors.push('completed');
  },
});

const graphqlWs: Open = (listener, url, tokens) => {
  const variables: { after: string | null } = { after: null };
  const { next, ...rest } = sinkOf(listener);
  webSocketClient(listener, url, tokens).subscribe<Told>(
    { query: CHANGES, variables },
    {
      ...rest,
      next: (result) => {
        if (result.data) variables.after = result.data.changes.cursor;
        next(result);
      },
    },
  );
};

const graphqlWsResuming: Open = (listener, url, tokens) =>
  resumingClient(listener, url, tokens).subscribe({ query: CHANGES }, sinkOf(listener));

/** Follows by Apollo Client, over the link that it brings. */
export function followByApollo(listener: Listener, client: Client): void {
  const apollo = new ApolloClient({ link: ApolloLink.from([new GraphQLWsLink(client)]), cache: new InMemoryCache() });
  apollo.subscribe<Told>({ query: gql(CHANGES), fetchPolicy: 'no-cache' }).subscribe({
    ...sinkOf(listener),
    next: ({ data, error }) => (error ? listener.errors.push(error) : listener.hear(data)),
  });
}

const apollo: Open = (listener, url, tokens) => followByApollo(listener, resumingClient(listener, url, tokens));

const urql: Open = (listener, url, tokens) => {
  const client = resumingClient(listener, url, tokens);
  const forwardSubscription = ({ query = '', variables }: { query?: string; variables?: Record<string, unknown> }) => ({
    subscribe: (sink: Parameters<Client['subscribe']>[1]) => ({
      unsubscribe: client.subscribe({ query, variables }, sink),
    }),
  });
  const exchanges = [subscriptionExchange({ forwardSubscription: forwardSubscription as never })];
  new Urql({ url, exchanges, preferGetMethod: false }).subscription<Told>(CHANGES, {}).subscribe(({ data, error }) => {
    if (error) listener.errors.push(error);
    else listener.hear(data);
  });
};

const bearer = async (tokens?: Tokens): Promise<Record<string, string>> =>
  tokens ? { authorization: `Bearer ${await tokens()}` } : {};

const graphqlSse: Open = (listener, url, tokens) => {
  const client = createSseClient({
    url: `${url}/graphql/stream`,
    retryAttempts: Number.POSITIVE_INFINITY,
    retry: () => pause(BACK_MS),
    headers: () => bearer(tokens),
    on: { connected: listener.connected },
  });
  listener.stop = () => client.dispose();
  const variables: { after: string | null } = { after: null };
  const { next, ...rest } = sinkOf(listener);
  client.subscribe<Told>(
    { query: CHANGES, variables },
    {
      ...rest,
      next: (result) => {
        if (result.data) variables.after = result.data.changes.cursor;
        next(result);
      },
    },
  );
};

const eventSource: Open = (listener, url, tokens) => {
  const source = new EventSource(`${url}/graphql/stream?query=${encodeURIComponent(CHANGES)}`, {
    fetch: async (address, init) =>
      fetch(address, { ...init, headers: { ...init.headers, ...(await bearer(tokens)) } }),
  });
  listener.stop = () => source.close();
  source.addEventListener('open', listener.connected);
  source.addEventListener('next', ({ data }) => listener.hear((JSON.parse(data) as { data: Told }).data));
};

/** Frames written by hand: what somebody does who has no library for their language. */
const rawSocket: Open = (listener, url, tokens) => {
  const connect = async (): Promise<void> => {
    if (listener.stopped) return;
    const payload = await bearer(tokens);
    const socket = new WebSocket(socketAt(url), 'graphql-transport-ws');
    listener.stop = () => socket.terminate();
    socket.on('error', () => undefined);
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload })));
    socket.on('close', () => setTimeout(connect, BACK_MS));
    socket.on('message', (text) => {
      const message = JSON.parse(String(text));
      if (message.type === 'connection_ack') {
        listener.connected();
        const variables = { after: listener.cursor };
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: CHANGES, variables } }));
      } else if (message.type === 'next') listener.hear(message.payload.data);
      else if (message.type === 'error') listener.errors.push(message.payload);
    });
  };
  void connect();
};

/** A stream read line by line, as curl shows it. */
const rawEvents: Open = (listener, url, tokens) => {
  const abort = new AbortController();
  listener.stop = () => abort.abort();
  const read = async (): Promise<void> => {
    const seen: Record<string, string> = listener.cursor ? { 'last-event-id': listener.cursor } : {};
    const answer = await fetch(`${url}/graphql/stream?query=${encodeURIComponent(CHANGES)}`, {
      headers: { ...seen, ...(await bearer(tokens)) },
      signal: abort.signal,
    });
    listener.connected();
    let text = '';
    for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const events = (text + chunk).split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const data = /^data: (.+)$/m.exec(event)?.[1];
        if (data) listener.hear((JSON.parse(data) as { data: Told }).data);
      }
    }
  };
  void (async () => {
    while (!listener.stopped) {
      await read().catch(() => undefined);
      await pause(BACK_MS);
    }
  })();
};

const TRANSPORTS: Record<string, Open> = {
  'graphql-ws with the recipe': graphqlWs,
  'graphql-ws, resuming': graphqlWsResuming,
  'Apollo Client over resuming': apollo,
  'urql over resuming': urql,
  'graphql-sse with the recipe': graphqlSse,
  EventSource: eventSource,
  'WebSocket frames by hand': rawSocket,
  'event stream by hand': rawEvents,
};

/** One listener over each transport. */
export const everyTransport = (url: string, tokens?: Tokens): Listener[] =>
  Object.entries(TRANSPORTS).map(([name, open]) => {
    const listener = new Listener(name);
    open(listener, url, tokens);
    return listener;
  });
