import type { FastifyInstance, FastifyRequest } from 'fastify';
import { documentOfRevision } from '../board/archive.queries.ts';
import { type PublicReads, publicNow } from '../board/public-reads.ts';
import { HubError } from '../errors.ts';
import { CLOCK_STEP_MS, type Representation, type Represented, strongTag } from '../http/conditional.ts';
import type { PublicDocument } from '../publications/document.ts';
import { mendedRevision } from '../publications/news.rules.ts';
import { isLowerCaseUuid } from '../uuid.ts';
import { PAGE_HEADERS } from './page-headers.ts';
import { publicPage } from './public-page.ts';
import { type Picture, publicationPage } from './publication-page.ts';

/** The pages that people read. */
export function mountPages(
  server: FastifyInstance,
  reads: PublicReads,
  pictureOf: (document: PublicDocument) => Picture,
  represented: Represented,
): void {
  server.get(
    '/',
    represented(({ query }: FastifyRequest<{ Querystring: { commune?: string | string[] } }>) => {
      const { commune } = query;
      return page(reads, publicPage(reads, { commune: Array.isArray(commune) ? commune[0] : commune }));
    }),
  );
  const permalink = represented(async ({ params }: FastifyRequest<{ Params: Address }>) => {
    const { current, document } = await find(reads, params);
    return page(reads, publicationPage(reads, { document, current, picture: pictureOf(document) }));
  });
  server.get('/publications/:id', permalink);
  server.get('/publications/:id/r/:revision', permalink);
}

function page({ board }: PublicReads, text: string): Representation {
  const body = Buffer.from(text);
  return {
    body,
    etag: strongTag(body),
    mediaType: PAGE_HEADERS['content-type'],
    cacheControl: 'no-cache',
    headers: PAGE_HEADERS,
    until: board.now + CLOCK_STEP_MS,
  };
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

/** The words of a revision as they stand: with what minor ones after it mended. */
function underRevision({ journal }: PublicReads, current: PublicDocument, revision: string) {
  if (revision === '') return current;
  if (!REVISION.test(revision) || Number(revision) > current.revision) return undefined;
  const mended = mendedRevision(current, Number(revision));
  return mended === current.revision ? current : documentOfRevision(journal.sql, current.id, mended);
}
