import type { PublicReads } from '../../board/public-reads.ts';
import type { FeedHead, FeedItem } from '../../formats/feeds/feed-item.ts';
import { publicationItem } from '../../formats/feeds/publication-item.ts';
import { PUBLISHER } from '../../publications/content/content.ts';
import { kindsInOrder } from '../../publications/kinds.ts';
import type { FeedRequest } from './feed.ts';
import { newestNews } from './feed-documents.ts';

/** The kinds as the public page names them: "Alertes, routes fermées, … et conseils". */
const HEADINGS = new Intl.ListFormat('fr-FR').format(
  kindsInOrder.map(({ page: { heading } }, index) => (index === 0 ? heading : heading.toLocaleLowerCase('fr-FR'))),
);

type WriteItems = (head: FeedHead, items: readonly FeedItem[]) => string;

/** Every publication as an entry: what is live, and how a publication that people ended within the last day came to its end. */
export const publicationsFeed =
  (write: WriteItems) =>
  ({ reads, filter, setting, selfUrl }: FeedRequest): string =>
    write(
      headOf(reads, selfUrl, filter.language),
      newestNews(reads, filter).map(({ document, departed }) =>
        publicationItem(document, setting, reads.board.now, departed),
      ),
    );

const headOf = ({ publicUrl }: PublicReads, selfUrl: string, language: string): FeedHead => ({
  title: 'Informations publiques en Essonne',
  description: `${HEADINGS}. Validés par le Département.`,
  homeUrl: `${publicUrl}/`,
  selfUrl,
  language,
  author: PUBLISHER,
});
