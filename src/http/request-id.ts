import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The header by which a client, a proxy and the log mean the same request. */
export const REQUEST_ID = 'x-request-id';

/** An id of a client is written to the log and into a header: nothing but what ids are made of. */
const WELL_FORMED = /^[\w.:+=/-]{1,128}$/;

/** Kept on the request: a WeakMap that grows with each request costs the hub more than making the id does. */
const ID = Symbol('request id');

type Known = IncomingMessage & { [ID]?: string };

/** The id of a request: its client's or its proxy's, if that is well-formed, else one that is made for it. */
export function requestIdOf(request: IncomingMessage): string {
  const known = (request as Known)[ID];
  if (known !== undefined) return known;
  const given = request.headers[REQUEST_ID];
  const id = typeof given === 'string' && WELL_FORMED.test(given) ? given : randomUUID();
  (request as Known)[ID] = id;
  return id;
}
