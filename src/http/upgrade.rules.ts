import type { IncomingMessage } from 'node:http';

/** The API for pages of the desk, whose people have a session; by POST and by WebSocket. */
export const DESK_PATH = '/desk/graphql';

/** Where WebSockets are opened. */
const WEBSOCKET_PATHS = ['/graphql', DESK_PATH];

const pathOf = ({ url }: Pick<IncomingMessage, 'url'>): string => url?.split('?')[0] ?? '';

/**
 * Whether a request opens a WebSocket. Any other offer to upgrade (`h2c` from every Java client, a WebSocket at another
 * address) is a request like those without it: RFC 9110, 7.8, lets a server ignore the offer.
 */
export const opensWebSocket = (request: IncomingMessage): boolean =>
  request.method === 'GET' &&
  WEBSOCKET_PATHS.includes(pathOf(request)) &&
  request.headers.upgrade?.toLowerCase() === 'websocket';

/** Whether a request comes to the door of people who have signed in. */
export const isAtDesk = (request: Pick<IncomingMessage, 'url'>): boolean => pathOf(request) === DESK_PATH;
