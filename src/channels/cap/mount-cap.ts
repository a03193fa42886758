import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HubError } from '../../errors.ts';
import { answerConditionally } from '../../http/conditional.ts';
import { isUuid } from '../../uuid.ts';
import type { KeptMessage } from './cap-seal.queries.ts';
import type { CapShelf } from './cap-shelf.ts';

/** The names that messages can have: any other one is not found without a look. */
const NAME = /^([\w.-]{1,200})\.xml$/;

const FOR_EVER = 'public, max-age=31536000, immutable';
/** Clients may ask for the newest often, and compare by its ETag. */
const COMPARED = 'public, no-cache';

/** CAP messages, byte by byte as they left: `/cap/{identifier}.xml`, and `/cap/{thread}/latest.xml` for the newest of a thread. */
export function mountCap(server: FastifyInstance, shelf: CapShelf): void {
  server.get('/cap/:file', async (request: FastifyRequest<{ Params: { file: string } }>, reply) => {
    const identifier = NAME.exec(request.params.file)?.[1];
    const message = identifier && (await shelf.get(identifier));
    if (!message) throw new HubError('NOT_FOUND', `there is no CAP message ${request.params.file}`);
    return answer(request, reply, message, FOR_EVER);
  });
  server.get('/cap/:thread/latest.xml', async (request: FastifyRequest<{ Params: { thread: string } }>, reply) => {
    const { thread } = request.params;
    const message = isUuid(thread) && (await shelf.latest(thread.toLowerCase()));
    if (!message) throw new HubError('NOT_FOUND', `there is no CAP message of publication ${thread}`);
    reply.header('content-location', `/cap/${message.identifier}.xml`);
    return answer(request, reply, message, COMPARED);
  });
}

const answer = (request: FastifyRequest, reply: FastifyReply, message: KeptMessage, cacheControl: string) =>
  answerConditionally(request, reply, {
    body: message.bytes,
    etag: `"${message.sha256}"`,
    lastModified: message.sealedAt,
    mediaType: 'application/cap+xml',
    cacheControl,
  });
