import type { IncomingMessage } from 'node:http';

/** Headers that proxies and CDNs add; `x-forwarded-` stands for all that begin so. */
const HANDED_ON = ['forwarded', 'x-real-ip', 'via', 'cf-connecting-ip', 'true-client-ip', 'x-client-ip'];
const FORWARDED = 'x-forwarded-';

/** The names of this machine, with any port. */
const THIS_MACHINE = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/**
 * The address that the connection comes from; undefined where a proxy passed the request on. A proxy on this machine
 * would make the whole world look like loopback, where development tokens are good. So would a page that a browser of this
 * machine opened under a name that was made to lead here: whoever means this machine calls it by its own name.
 */
export const peerOf = ({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): string | undefined =>
  THIS_MACHINE.test(headers.host ?? '') && !Object.keys(headers).some(isHandedOn) ? socket.remoteAddress : undefined;

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/** Whether an address is of the machine itself. */
export const isThisMachine = (address: string | undefined): boolean => LOOPBACK.test(address ?? '');

const isHandedOn = (name: string): boolean => HANDED_ON.includes(name) || name.startsWith(FORWARDED);
