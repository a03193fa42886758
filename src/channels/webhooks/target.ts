import { isIP } from 'node:net';
import { AddressRefused, checkedAddress, systemResolve, type Targets } from '../../outgoing/checked-connection.ts';
import { isLoopbackAddress } from '../../outgoing/public-address.rules.ts';

/** Where webhooks may lead. */
export interface WebhookTargets extends Targets {
  /** Whether plain http will do, to this machine itself: for developers alone. */
  http?: boolean;
  /** The time of one attempt, in milliseconds; 15 seconds where it is left out. */
  timeoutMs?: number;
}

/** The fault of a URL as it is written, or undefined. The URL's own reading makes `0x7f.1` and `2130706433` plain. */
export function urlFault(text: string, { allow, http = false }: WebhookTargets): string | undefined {
  const url = URL.parse(text);
  if (!url || !(url.protocol === 'https:' || (http && isPlainToThisMachine(url))))
    return 'must be an absolute https address';
  if (url.username !== '' || url.password !== '') return 'must not hold a name and password';
  if (url.hash !== '') return 'must not hold a fragment';
  const literal = literalOf(url);
  if (isIP(literal) && !allow(literal)) return 'must lie on the public Internet';
  return undefined;
}

const literalOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');

const isPlainToThisMachine = (url: URL): boolean =>
  url.protocol === 'http:' && (url.hostname === 'localhost' || isLoopbackAddress(literalOf(url)));

/**
 * An address for a webhook with the result of its check. `check` alone makes one, and commands take nothing else, so that no
 * caller can store an address that nobody looked at.
 */
export class CheckedTarget {
  readonly url: string;
  /** Undefined where messages may be sent there. */
  readonly fault: string | undefined;

  private constructor(url: string, fault: string | undefined) {
    this.url = url;
    this.fault = fault;
  }

  /** Looks at the URL, then at every address of its host. Takes 5 seconds at most, so it belongs before a transaction. */
  static async check(url: string, targets: WebhookTargets): Promise<CheckedTarget> {
    return new CheckedTarget(url, urlFault(url, targets) ?? (await hostFault(new URL(url).hostname, targets)));
  }
}

async function hostFault(
  hostname: string,
  { allow, resolve = systemResolve }: WebhookTargets,
): Promise<string | undefined> {
  try {
    await checkedAddress(hostname, allow, resolve);
    return undefined;
  } catch (error) {
    if (error instanceof AddressRefused) return 'must lie on the public Internet';
    return 'must name a host that can be found';
  }
}
