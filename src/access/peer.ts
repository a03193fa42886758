import type { IncomingMessage } from 'node:http';

const HANDED_ON = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];

/**
 * The address that the connection comes from; undefined where a proxy passed the request on. A proxy on this machine
 * would make the whole world look like loopback, where development tokens are good.
 */
export const peerOf = ({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): string | undefined =>
  HANDED_ON.some((name) => headers[name] !== undefined) ? undefined : socket.remoteAddress;
