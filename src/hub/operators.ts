import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isThisMachine, peerOf } from '../access/peer.ts';
import { HubError } from '../errors.ts';
import type { OwnAddress } from '../operations/own-port.ts';

/** By which doors operators reach metrics and the reasons of readiness. */
export interface OperatorDoors {
  /** Opens them at the public address to whoever sends it as a bearer token. */
  readonly key?: string;
  /** Where they are open to whoever gets there. */
  readonly own?: OwnAddress;
  /** Whether they are open to whoever asks from this machine: in development. */
  readonly atHome?: boolean;
}

/** Passes for an operator; throws NOT_FOUND where no key is set, else UNAUTHENTICATED, or TOO_MANY_REQUESTS for a guesser. */
export type AdmitOperator = (request: IncomingMessage) => Promise<void>;

/** Looks at a token or a key, and counts and tells one that is not good. Throws what `check` throws, or TOO_MANY_REQUESTS. */
export type Checked = <T>(request: IncomingMessage, token: string | undefined, check: () => Promise<T>) => Promise<T>;

/** Makes the door of operators at the public address. Keys that are not good count as tokens that are not good. */
export function operatorsAt({ key, atHome = false }: OperatorDoors, checked: Checked): AdmitOperator {
  const expected = key === undefined ? undefined : hashOf(`Bearer ${key}`);
  return async (request) => {
    if (atHome && isThisMachine(peerOf(request))) return;
    // Nothing tells that there would be something with a key, where there is none.
    if (!expected) throw new HubError('NOT_FOUND', `there is nothing at ${request.url?.split('?')[0]}`);
    const { authorization } = request.headers;
    await checked(request, authorization, async () => {
      // Hashes are of one length, and say nothing of how much of the key was right.
      if (authorization === undefined || !timingSafeEqual(hashOf(authorization), expected))
        throw new HubError('UNAUTHENTICATED', 'send the key of operators as "Authorization: Bearer …"');
    });
  };
}

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();
