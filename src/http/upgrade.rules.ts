import type { IncomingMessage } from 'node:http';

/** Where WebSockets are opened. */
const WEBSOCKET_PATH = '/graphql';

/**
 * Whether a request opens a WebSocket. Any other offer to upgrade (`h2c` from every Java client, a WebSocket at another
 * address) is a request like those without it: RFC 9110, 7.8, lets a server ignore the offer.
 */
export const opensWebSocket = ({ method, url, headers }: IncomingMessage): boolean =>
  method === 'GET' && url?.split('?')[0] === WEBSOCKET_PATH && headers.upgrade?.toLowerCase() === 'websocket';
