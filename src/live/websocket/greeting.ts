import type { IncomingMessage } from 'node:http';
import { CloseCode } from 'graphql-ws';
import type { ErrorFormat } from '../../graphql/error-format.ts';
import type { RefusalLog } from '../../http/origin.ts';
import { type Caller, whenOver } from '../following/caller.ts';
import { type Connection, TRY_AGAIN_LATER } from './connection.ts';

export interface GreetingOptions {
  /** Finds the caller by the token in the first message or in the handshake; throws for a token that is not valid. */
  connect(authorization: string | undefined, request: IncomingMessage): Promise<Caller>;
  format: ErrorFormat;
  refusals: RefusalLog;
}

/** Accepts a connection, or closes it: 4403 for a token that is not valid or expires, 1013 if the database is away. */
export async function greet(
  { connect, format, refusals }: GreetingOptions,
  params: Readonly<Record<string, unknown>> | undefined,
  connection: Connection,
): Promise<boolean> {
  const given = params?.authorization ?? params?.Authorization;
  const { request } = connection;
  // Read once: the handshake is not kept for hours.
  connection.request = undefined;
  if (!request) return false;
  try {
    const caller = await connect(typeof given === 'string' ? given : request.headers.authorization, request);
    connection.context = caller.context;
    connection.share.payer = caller.payer;
    connection.origin = refusals.originOf(request);
    connection.leave = whenOver(caller, (reason) => connection.close(CloseCode.Forbidden, reason));
    if (!connection.isOpen) connection.leave?.();
    return true;
  } catch (error) {
    const code = format({ message: '' }, error).extensions?.code;
    if (code === 'UNAVAILABLE') connection.close(TRY_AGAIN_LATER, 'Try again later');
    else if (code === 'INTERNAL') connection.close(CloseCode.InternalServerError, 'Internal error');
    else connection.close(CloseCode.Forbidden, 'Forbidden');
    return false;
  }
}
