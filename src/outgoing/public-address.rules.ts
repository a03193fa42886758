import ipaddr from 'ipaddr.js';

/** Whether the hub may connect to an IP address: people who type in an address must not reach the hub's own network by it. */
export type AddressCheck = (address: string) => boolean;

const GLOBAL_V6 = ipaddr.parseCIDR('2000::/3');

/** Whether an IP address lies on the public Internet. False for text that is no address. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  // 64:ff9b::, 6to4 and the like have ranges of their own; ::7f00:1 passes for unicast, hence the second test.
  return parsed.range() === 'unicast' && (parsed.kind() === 'ipv4' || parsed.match(GLOBAL_V6));
}

/** Whether an IP address is of this machine itself. False for text that is no address. */
export const isLoopbackAddress = (address: string): boolean =>
  ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
