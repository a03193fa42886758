import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

const QUERY = `subscription Changes($after: Cursor, $where: ChangeFilter) {
  changes(after: $after, where: $where) {
    cursor type match at ring text { headline } publication { id thread position state } } }`;

/**
 * Follows as docs/clients.md says: graphql-ws with `resuming`. `next` gets each change, `fault` each thing that went wrong.
 * Answers how to cut the connection for a while, and how to end.
 */
export function followByWebSocket({ url, where, resuming, PATIENT, next, fault }) {
  let socket;
  let awayMs;
  let ended = false;
  const plain = createClient({
    ...PATIENT,
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryWait: async (retries) => {
      const away = awayMs;
      awayMs = undefined;
      await (away === undefined ? PATIENT.retryWait(retries) : pause(away));
    },
    on: {
      opened: (opened) => {
        socket = opened;
      },
      error: (error) => {
        if (awayMs === undefined && !ended) fault(`WebSocket: ${error.message ?? error}`);
      },
      closed: ({ code, reason }) => {
        socket = undefined;
        if (awayMs === undefined && !ended) fault(`WebSocket closed with ${code} ${reason ?? ''}`.trim());
      },
    },
  });
  const client = resuming(plain, { onResync: () => fault('WebSocket: RESYNC_REQUIRED') });
  const sink = {
    next: ({ data, errors }) => (data ? next(data.changes) : fault(`WebSocket: ${errors?.[0]?.message}`)),
    error: (error) => fault(`WebSocket ended: ${error?.[0]?.message ?? error?.message ?? error}`),
    complete: () => !ended && fault('WebSocket: completed'),
  };
  const stop = client.subscribe({ query: QUERY, variables: { after: null, where } }, sink);
  return {
    get isOpen() {
      return socket !== undefined;
    },
    cut(forMs) {
      if (!socket) return;
      awayMs = forMs;
      socket.terminate();
    },
    end() {
      ended = true;
      stop();
      void plain.dispose();
    },
  };
}
