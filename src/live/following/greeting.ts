import type { IncomingMessage } from 'node:http';
import { CloseCode } from 'graphql-ws';
import type { ErrorFormat } from '../../graphql/error-format.ts';
import { type Peer, TRY_AGAIN_LATER } from '../websocket/peer.ts';

/** Who speaks on a connection, for as long as the token holds (null: it does not end). */
export interface Spokesman {
  /** Makes the context of one operation. */
  context(): object;
  expiresAt: Date | null;
}

export interface GreetingOptions {
  /** Who speaks, by the token in the first message or in the handshake; throws for a token that is not good. */
  connect(authorization: string | undefined, request: IncomingMessage): Promise<Spokesman>;
  format: ErrorFormat;
}

/** The longest that a timer can wait; a token that holds longer is asked for again then. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** Lets a connection in, or closes it: 4403 for a token that is not good or ends, 1013 while nobody can tell. */
export async function greet(
  { connect, format }: GreetingOptions,
  params: Readonly<Record<string, unknown>> | undefined,
  peer: Peer,
): Promise<boolean> {
  const given = params?.authorization ?? params?.Authorization;
  const { request } = peer;
  // Read once: what came with the handshake is not kept for hours.
  peer.request = undefined;
  if (!request) return false;
  try {
    const { context, expiresAt } = await connect(
      typeof given === 'string' ? given : request.headers.authorization,
      request,
    );
    peer.context = context;
    if (expiresAt) {
      const wait = Math.min(Math.max(expiresAt.getTime() - Date.now(), 0), LONGEST_WAIT_MS);
      peer.expiry = setTimeout(() => peer.close(CloseCode.Forbidden, 'The token has expired'), wait);
      if (!peer.isOpen) clearTimeout(peer.expiry);
    }
    return true;
  } catch (error) {
    const code = format({ message: '' }, error).extensions?.code;
    if (code === 'UNAVAILABLE') peer.close(TRY_AGAIN_LATER, 'Try again later');
    else if (code === 'INTERNAL') peer.close(CloseCode.InternalServerError, 'Internal error');
    else peer.close(CloseCode.Forbidden, 'Forbidden');
    return false;
  }
}
