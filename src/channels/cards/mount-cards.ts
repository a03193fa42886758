import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { PublicReads } from '../../board/public-reads.ts';
import { instant } from '../../clock.ts';
import { HubError } from '../../errors.ts';
import { type Represented, strongTag } from '../../http/conditional.ts';
import type { PublicDocument } from '../../publications/document.ts';
import { changedAt, happenedTo } from '../../publications/news.rules.ts';
import { cardContent, hasLetters } from './card.rules.ts';
import { type CardAddress, readCardPath } from './card-address.rules.ts';
import type { CardPress } from './card-press.ts';
import { pastDocument } from './past-document.queries.ts';

/** The pictures of posts: `/cards/{publication}/r/{revision}/{language}-{size}.png`. Each is for ever the same. */
export function mountCards(
  server: FastifyInstance,
  reads: PublicReads,
  press: CardPress,
  represented: Represented,
): void {
  server.get(
    '/cards/:publication/r/:revision/:file',
    represented(async ({ url }: FastifyRequest) => {
      const path = url.split('?')[0] ?? '';
      const address = readCardPath(path);
      const document = address && (await findDocument(reads, address));
      const isDrawn = (document?.allClear?.texts ?? document?.texts)?.some(
        (text) => text.language === address?.language && hasLetters(text.headline),
      );
      if (!address || !document || !isDrawn) throw new HubError('NOT_FOUND', `there is no card at ${path}`);
      const { language, size } = address;
      const png = await press.card(path, () => cardContent(document, reads.territory, language, size));
      return {
        body: png,
        etag: strongTag(png),
        lastModified: instant(changedAt(document)),
        mediaType: 'image/png',
        cacheControl: 'public, max-age=31536000, immutable',
        // The press keeps what it has drawn.
        until: 0,
      };
    }),
  );
}

/** The documents that are public now are in memory, those of the past in the journal. */
async function findDocument(
  { board, journal }: PublicReads,
  address: CardAddress,
): Promise<PublicDocument | undefined> {
  const current = board.get(address.publication);
  if (current?.revision === address.revision && happenedTo(current) === address.happened) return current;
  return pastDocument(journal.sql, address);
}
