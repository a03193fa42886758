import { isIP } from 'node:net';
import { type FieldFault, invalidInput } from '../../errors.ts';
import { checkedAddress, systemResolve } from '../../outgoing/checked-connection.ts';
import { AUTH_BYTES, isPublicKey, type ReaderKeys } from './envelope/encrypt.rules.ts';
import type { PushAddress } from './envelope/push-seal.ts';
import type { PushTargets } from './push-setting.ts';

/** Endpoints of browsers have up to some 500 characters. */
const MOST_CHARACTERS = 1_500;

/** The fault of an endpoint as it is written, or undefined. */
export function endpointFault(text: string, { allow, anyPort = false }: PushTargets): string | undefined {
  const url = URL.parse(text);
  if (text.length > MOST_CHARACTERS) return `must have at most ${MOST_CHARACTERS} characters`;
  if (url?.protocol !== 'https:') return 'must be an absolute https address';
  if (url.username !== '' || url.password !== '') return 'must not hold a name and password';
  if (url.hash !== '') return 'must not hold a fragment';
  if (url.port !== '' && !anyPort) return 'must have no port: push services listen at 443';
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(literal) && !allow(literal) ? NOT_PUBLIC : undefined;
}

/** One fault for both: a stranger does not learn which names there are inwards. */
const NOT_PUBLIC = 'must name a host that is found on the public Internet';

/** A subscription's address as an app gives it. */
export interface GivenAddress {
  endpoint: string;
  p256dh: string;
  auth: string;
}

/**
 * An address to push to with the result of its check. `check` alone makes one, and commands take nothing else, so that no
 * address is kept that nobody looked at.
 */
export class CheckedEndpoint {
  readonly address: PushAddress;

  private constructor(address: PushAddress) {
    this.address = address;
  }

  /**
   * Looks at the endpoint and its keys, then at every address of its host. INVALID_INPUT names what is wrong. Takes 5 seconds at
   * most, so it belongs before a transaction.
   */
  static async check(given: GivenAddress, targets: PushTargets): Promise<CheckedEndpoint> {
    const keys = { p256dh: decoded(given.p256dh), auth: decoded(given.auth) };
    const faults = [...keyFaults(keys)];
    const fault = endpointFault(given.endpoint, targets);
    if (fault) faults.push({ path: 'input.endpoint', message: fault });
    if (faults.length > 0) throw invalidInput(faults);
    const endpoint = new URL(given.endpoint).href;
    const unreachable = await hostFault(new URL(endpoint).hostname, targets);
    if (unreachable) throw invalidInput([{ path: 'input.endpoint', message: unreachable }]);
    return new CheckedEndpoint({ endpoint, ...keys });
  }
}

/** Both alphabets of base64, since apps take either; empty for anything else. */
const decoded = (text: string): Buffer =>
  /^[\w+/-]{1,200}={0,2}$/.test(text) ? Buffer.from(text, 'base64url') : Buffer.alloc(0);

function keyFaults({ p256dh, auth }: ReaderKeys): FieldFault[] {
  return [
    ...(isPublicKey(p256dh)
      ? []
      : [{ path: 'input.p256dh', message: 'must be a public key on P-256: 65 bytes, as base64url' }]),
    ...(auth.length === AUTH_BYTES ? [] : [{ path: 'input.auth', message: 'must be 16 bytes, as base64url' }]),
  ];
}

async function hostFault(
  hostname: string,
  { allow, resolve = systemResolve }: PushTargets,
): Promise<string | undefined> {
  try {
    await checkedAddress(hostname, allow, resolve);
    return undefined;
  } catch {
    return NOT_PUBLIC;
  }
}
