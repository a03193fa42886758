import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HubError } from '../../errors.ts';
import type { Representation, Represented } from '../../http/conditional.ts';
import { isUuid } from '../../uuid.ts';
import type { KeptMessage } from './cap-seal.queries.ts';
import type { CapShelf } from './cap-shelf.ts';

/** The names that messages can have: any other one is not found without a look. */
const NAME = /^([\w.-]{1,200})\.xml$/;

const FOR_EVER = 'public, max-age=31536000, immutable';
/** Clients may ask for the newest often, and compare by its ETag. */
const COMPARED = 'public, no-cache';

/** CAP messages, byte by byte as they left: `/cap/{identifier}.xml`, and `/cap/{thread}/latest.xml` for the newest of a thread. */
export function mountCap(server: FastifyInstance, shelf: CapShelf, represented: Represented): void {
  server.get(
    '/cap/:file',
    represented(async ({ params: { file } }: FastifyRequest<{ Params: { file: string } }>) => {
      const identifier = NAME.exec(file)?.[1];
      const message = identifier && (await shelf.get(identifier));
      if (!message) throw new HubError('NOT_FOUND', `there is no CAP message ${file}`);
      return representationOf(message, FOR_EVER);
    }),
  );
  server.get(
    '/cap/:thread/latest.xml',
    represented(async ({ params: { thread } }: FastifyRequest<{ Params: { thread: string } }>) => {
      const message = isUuid(thread) && (await shelf.latest(thread.toLowerCase()));
      if (!message) throw new HubError('NOT_FOUND', `there is no CAP message of publication ${thread}`);
      return representationOf(message, COMPARED, { 'content-location': `/cap/${message.identifier}.xml` });
    }),
  );
}

const representationOf = (
  { bytes, sha256, sealedAt }: KeptMessage,
  cacheControl: string,
  headers: Record<string, string> = {},
): Representation => ({
  body: bytes,
  etag: `"${sha256}"`,
  lastModified: sealedAt,
  mediaType: 'application/cap+xml',
  cacheControl,
  headers,
});
