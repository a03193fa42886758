import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { documentOfRevision } from '../board/archive.queries.ts';
import { type PublicReads, publicNow } from '../board/public-reads.ts';
import { HubError } from '../errors.ts';
import type { PublicDocument } from '../publications/document.ts';
import { isLowerCaseUuid } from '../uuid.ts';
import { publicPage } from './public-page.ts';
import { type Picture, publicationPage } from './publication-page.ts';

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** The pages that people read. */
export function mountPages(
  server: FastifyInstance,
  reads: PublicReads,
  pictureOf: (document: PublicDocument) => Picture,
): void {
  server.get('/', async (request: FastifyRequest<{ Querystring: { commune?: string | string[] } }>, reply) => {
    const { commune } = request.query;
    return reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', POLICY)
      .header('cache-control', 'no-cache')
      .send(publicPage(reads, { commune: Array.isArray(commune) ? commune[0] : commune }));
  });
  server.get('/publications/:id', (request: FastifyRequest<{ Params: Address }>, reply) => answer(request, reply));
  server.get('/publications/:id/r/:revision', (request: FastifyRequest<{ Params: Address }>, reply) =>
    answer(request, reply),
  );

  async function answer({ params }: FastifyRequest<{ Params: Address }>, reply: FastifyReply) {
    const { current, document } = await find(reads, params);
    return reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', POLICY)
      .header('cache-control', 'no-cache')
      .send(publicationPage(reads, { document, current, picture: pictureOf(document) }));
  }
}

interface Address {
  id: string;
  revision?: string;
}

const REVISION = /^[1-9]\d{0,5}$/;

/** The document at an address. NOT_FOUND where it never was public. */
async function find(reads: PublicReads, { id, revision = '' }: Address) {
  const current = isLowerCaseUuid(id) ? await publicNow(reads, id) : undefined;
  const document = current && (await underRevision(reads, current, revision));
  if (!document) throw new HubError('NOT_FOUND', 'there is no such publication');
  return { current, document };
}

function underRevision({ journal }: PublicReads, current: PublicDocument, revision: string) {
  if (revision === '' || revision === `${current.revision}`) return current;
  return REVISION.test(revision) ? documentOfRevision(journal.sql, current.id, Number(revision)) : undefined;
}
