import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorCodes, type FastifyInstance } from 'fastify';
import type { Allowance } from '../allowance/allowance.ts';
import type { Coming } from '../allowance/bodies.ts';
import { HubError } from '../errors.ts';
import { LIMITS } from '../graphql/limits.ts';
import { earlyBodyOf } from './answers/kept/before-fastify.ts';

/** Reads the body of a request as text, before anything of it is parsed. */
export type ReadBody = (request: IncomingMessage) => Promise<string>;

/**
 * Reads bodies and has them paid for by what came, whether they announce their length or come in chunks. A client without a token
 * pays before its body is parsed; a short body that says its length pays once its answer has to be worked out, since
 * kept answers cost nothing. A client that shows who it is pays as soon as the hub knows.
 */
export const bodyReader =
  (allowance: Allowance): ReadBody =>
  async (request) => {
    const early = earlyText(request, allowance);
    if (early !== undefined) return early;
    const { bodies } = allowance;
    const body = await arrived(request, bodies.begin(request));
    if (!showsWho(request)) bodies.hear(request, allowance.anonymous(request));
    return body.toString();
  };

/** The body that was read before Fastify, as most queries bring one: nobody has to wait for it. */
export function earlyText(request: IncomingMessage, { bodies }: Allowance): string | undefined {
  const body = earlyBodyOf(request)?.body;
  if (!body) return undefined;
  bodies.begin(request).bytes = body.length;
  return body.toString();
}

/** Whether somebody else than an address may have to pay. */
const showsWho = ({ url = '', headers }: IncomingMessage): boolean =>
  headers.authorization !== undefined || (url.startsWith('/desk/') && headers.cookie !== undefined);

/** Collects a body, and counts it as it comes. Rejects as soon as it is more than a body may be. */
function arrived(request: IncomingMessage, coming: Coming): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  if (Number(request.headers['content-length']) > LIMITS.body) reject(tooLarge());
  else collect(request, coming, { resolve, reject });
  return promise;
}

function collect(
  request: IncomingMessage,
  coming: Coming,
  { resolve, reject }: { resolve(body: Buffer): void; reject(error: Error): void },
): void {
  const pieces: Buffer[] = [];
  const leave = () => request.off('data', take).off('end', end).off('error', fail);
  const fail = (error: Error) => {
    leave();
    // A client that leaves is no fault of the hub.
    reject(Object.assign(error, { statusCode: 400 }));
  };
  const take = (piece: Buffer) => {
    pieces.push(piece);
    coming.bytes += piece.length;
    coming.pieces += 1;
    if (coming.bytes <= LIMITS.body && coming.pieces <= LIMITS.pieces) return;
    leave();
    reject(coming.bytes > LIMITS.body ? tooLarge() : tooManyPieces(coming.pieces));
  };
  const end = () => {
    const [first] = pieces;
    resolve(first && pieces.length === 1 ? first : Buffer.concat(pieces));
  };
  request.on('data', take).on('end', end).on('error', fail);
}

const tooLarge = (): Error => new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE();

const tooManyPieces = (weight: number): HubError =>
  new HubError('BAD_REQUEST', `a body may come in at most ${LIMITS.pieces} pieces: send longer chunks`, {
    limit: { name: 'pieces', weight, most: LIMITS.pieces },
  });

/** Has bodies paid for that nobody else has paid for, and ends the connection of one that nobody reads. */
export function payForBodies(server: FastifyInstance, allowance: Allowance): void {
  server.addHook('onRequest', ({ raw }, reply, done) => {
    if (bringsBody(raw)) payWhenAnswered(raw, reply.raw, allowance);
    done();
  });
}

function payWhenAnswered(request: IncomingMessage, response: ServerResponse, allowance: Allowance): void {
  // It would go on coming behind the answer, for nothing.
  if (request.method !== 'POST') response.shouldKeepAlive = false;
  const { headers, socket } = request;
  // Nobody can tell the address of a connection that is closed.
  const asked = { headers, socket: { remoteAddress: socket.remoteAddress } };
  response.once('close', () => allowance.bodies.settle(request, () => allowance.anonymous(asked)));
}

/** Whether a request has a body, or says so. */
export const bringsBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0;
