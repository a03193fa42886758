import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { type AddressCheck, isLoopbackAddress, isPublicAddress } from './public-address.rules.ts';

/** The IP addresses of a host name. Throws where there is none. */
export type Resolve = (hostname: string) => Promise<string[]>;

export const systemResolve: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);

/** Of one question to a name server, and how often it is put. */
const ASKED = { timeout: 2_000, tries: 2 };

/**
 * Asks the name servers themselves, IPv4 first. Lookups by the system hold one of the process's four threads each for as long
 * as a server is silent, so names that anybody may give without an account go this way. `servers`: others than the system's.
 */
export function nameServers(servers?: readonly string[]): Resolve {
  const resolver = new Resolver(ASKED);
  if (servers) resolver.setServers(servers);
  return async (hostname) => {
    const found = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    const addresses = found.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    const [first] = found;
    if (addresses.length === 0 && first.status === 'rejected') throw first.reason;
    return addresses;
  };
}

/** A host that the hub does not connect to: one of its addresses at least did not pass the check. */
export class AddressRefused extends Error {
  override name = 'AddressRefused';
  constructor(readonly hostname: string) {
    super(`${hostname} is not on the public Internet`);
  }
}

/** Where the hub may connect to, for somebody who typed in an address. */
export interface Targets {
  allow: AddressCheck;
  resolve?: Resolve;
  /** An authority in place of the system's. */
  ca?: string;
}

/** Every address of the public Internet. */
export const PUBLIC_TARGETS: Targets = { allow: isPublicAddress };

/**
 * The public Internet and this machine: for developers who try what they write. `localhost` means 127.0.0.1, where servers
 * listen that know of IPv4 alone as well.
 */
export const TARGETS_WITH_LOOPBACK: Targets = {
  allow: (address) => isPublicAddress(address) || isLoopbackAddress(address),
  resolve: async (hostname) => (hostname === 'localhost' ? ['127.0.0.1'] : systemResolve(hostname)),
};

const LOOKUP_MS = 5_000;

/**
 * The address to connect to for the host of a URL. Throws AddressRefused, the resolver's error, or an error after 5 seconds,
 * because undici cannot break off an attempt before there is a connection.
 */
export async function checkedAddress(hostname: string, allow: AddressCheck, resolve: Resolve): Promise<string> {
  const literal = hostname.replace(/^\[|\]$/g, '');
  const found = isIP(literal) ? [literal] : await withinLookup(resolve(hostname), hostname);
  const [first] = found;
  if (!first || !found.every(allow)) throw new AddressRefused(hostname);
  return first;
}

async function withinLookup<T>(work: Promise<T>, hostname: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, refuse) => {
    timer = setTimeout(() => refuse(new Error(`nobody answers for ${hostname}`)), LOOKUP_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
