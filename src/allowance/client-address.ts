import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

type Range = ReturnType<typeof ipaddr.parseCIDR>;
/** The part of a request that tells where it comes from. */
export interface Asked {
  readonly headers: IncomingMessage['headers'];
  readonly socket: Pick<IncomingMessage['socket'], 'remoteAddress'>;
}

/** Finds the address of the client that a request comes from. */
export type ClientAddress = (request: Asked) => string;

/**
 * Reads the address of the connection or, where that is of a trusted proxy, the last one in `X-Forwarded-For` that no trusted
 * proxy has: each proxy appends the address that it was asked from, and a client can write anything before that. Calls
 * `onUnnamed` with a peer that is no trusted proxy and says all the same whom it asks for.
 */
export function clientAddress(trusted: readonly string[], onUnnamed?: (peer: string) => void): ClientAddress {
  const ranges = trusted.map(rangeOf);
  const isProxy = (address: string) => ipaddr.isValid(address) && isWithin(ranges, ipaddr.process(address));
  return ({ headers, socket }) => {
    let address = socket.remoteAddress ?? '';
    const forwarded = headers['x-forwarded-for'];
    if (forwarded === undefined) return address;
    if (!isProxy(address)) {
      onUnnamed?.(address);
      return address;
    }
    const hops = String(forwarded).split(',');
    for (let at = hops.length - 1; at >= 0 && isProxy(address); at -= 1) {
      const before = (hops[at] ?? '').trim();
      if (!ipaddr.isValid(before)) break;
      address = before;
    }
    return address;
  };
}

/** Whether a text is an address or a range (`10.0.0.0/8`) that leaves somebody to be no proxy. */
export function isProxyRange(text: string): boolean {
  if (ipaddr.isValid(text) && !/^\d+$/.test(text)) return true;
  return ipaddr.isValidCIDR(text) && ipaddr.parseCIDR(text)[1] > 0;
}

function rangeOf(text: string): Range {
  if (text.includes('/')) return ipaddr.parseCIDR(text);
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

const isWithin = (ranges: readonly Range[], address: ipaddr.IPv4 | ipaddr.IPv6): boolean =>
  ranges.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits));

/** The neighbours who share an allowance: an IPv4 address; of IPv6 the /64 that one line has, and the /56 that one customer may have. */
export interface Neighbours {
  readonly line: string;
  readonly customer: string | undefined;
}

/** Bits of the part of an IPv6 address that the line's own devices share; the /56 is cut within its last group. */
const LINE_GROUPS = 4;
const CUSTOMER_MASK = 0xff00;

export function neighboursOf(address: string): Neighbours {
  if (!ipaddr.isValid(address)) return { line: address, customer: undefined };
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return { line: parsed.toString(), customer: undefined };
  const groups = parsed.parts.slice(0, LINE_GROUPS);
  const last = groups[LINE_GROUPS - 1] ?? 0;
  const hex = (parts: readonly number[]) => parts.map((part) => part.toString(16)).join(':');
  return { line: `${hex(groups)}/64`, customer: `${hex([...groups.slice(0, -1), last & CUSTOMER_MASK])}/56` };
}
