import { buildConnector } from 'undici';
import { checkedAddress, systemResolve, type Targets } from './checked-connection.ts';

/**
 * A connector for an undici Agent. It connects to an address of the name only if all its addresses pass, and to the very
 * one that passed: a name that answers differently twice gains nothing. Certificates are checked against the name.
 */
export function checkedConnector({ allow, resolve = systemResolve, ca }: Targets): buildConnector.connector {
  const connect = buildConnector({ timeout: 10_000, ...(ca ? { ca } : {}) });
  return (options, callback) => {
    checkedAddress(options.hostname, allow, resolve).then(
      (hostname) => connect({ ...options, hostname }, callback),
      (error) => callback(error, null),
    );
  };
}
