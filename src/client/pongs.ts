import type { Client } from 'graphql-ws';

/**
 * Ends a connection that does not answer the client's pings, so that the client makes a new one: a network that went away
 * in silence closes nothing. Without the client's option `keepAlive` there are no pings, and so nothing happens.
 */
export function watchPongs(client: Client, withinMs: number): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  client.on('ping', (received) => {
    if (received) return;
    clearTimeout(timer);
    timer = setTimeout(() => client.terminate(), withinMs);
  });
  client.on('pong', (received) => {
    if (received) clearTimeout(timer);
  });
  client.on('closed', () => clearTimeout(timer));
}
