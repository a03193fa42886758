import { isIP } from 'node:net';
import {
  AddressRefused,
  type CheckedConnection,
  checkedAddress,
  systemResolve,
} from '../../outgoing/checked-connection.ts';
import { isPublicAddress } from '../../outgoing/public-address.rules.ts';

/** Where messages may be sent to. */
export interface Targets extends CheckedConnection {
  /** Whether plain http will do: on a developer's own machine alone. */
  http?: boolean;
  /** What an attempt may take, in milliseconds; 15 seconds where it is left out. */
  timeoutMs?: number;
}

/** https to addresses of the public Internet. */
export const PUBLIC_TARGETS: Targets = { allow: isPublicAddress };

/** What is wrong with a URL as it is written, or undefined. The URL's own reading makes `0x7f.1` and `2130706433` plain. */
export function urlFault(text: string, { allow, http = false }: Targets): string | undefined {
  const url = URL.parse(text);
  if (!url || !(url.protocol === 'https:' || (http && url.protocol === 'http:')))
    return 'must be an absolute https address';
  if (url.username !== '' || url.password !== '') return 'must not hold a name and password';
  if (url.hash !== '') return 'must not hold a fragment';
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) && !allow(literal)) return 'must lie on the public Internet';
  return undefined;
}

/** The same, and whether every address of its host lies on the public Internet now. Takes 5 seconds at most. */
export async function targetFault(text: string, targets: Targets): Promise<string | undefined> {
  const fault = urlFault(text, targets);
  if (fault) return fault;
  try {
    await checkedAddress(new URL(text).hostname, targets.allow, targets.resolve ?? systemResolve);
    return undefined;
  } catch (error) {
    if (error instanceof AddressRefused) return 'must lie on the public Internet';
    return 'must name a host that can be found';
  }
}
