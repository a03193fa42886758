import type { PublicDocument } from '../../publications/document.ts';
import { happenedTo } from '../../publications/news.rules.ts';
import { UUID_PATTERN } from '../../uuid.ts';
import { CARD_SIZES, type CardSize } from './card.rules.ts';

/** Which picture an address names. */
export interface CardAddress {
  publication: string;
  revision: number;
  language: string;
  size: CardSize;
  /** The event that followed the revision (see `happenedTo`); '' for the revision itself. */
  happened: string;
}

const ADDRESS = new RegExp(
  `^/cards/(${UUID_PATTERN})/r/([1-9]\\d{0,5})/([A-Za-z0-9-]{2,40})-(${Object.keys(CARD_SIZES).join('|')})(?:-([a-z]+(?:-[a-z0-9]+)?))?\\.png$`,
);

/** The path of a card. Its picture never changes. */
export function cardPath(document: PublicDocument, language: string, size: CardSize): string {
  const happened = happenedTo(document);
  return `/cards/${document.id}/r/${document.revision}/${language}-${size}${happened && `-${happened}`}.png`;
}

/** The address that a path stands for; undefined for any other path. */
export function readCardPath(path: string): CardAddress | undefined {
  const [, publication, revision, language, size, happened = ''] = ADDRESS.exec(path) ?? [];
  if (publication === undefined || language === undefined) return undefined;
  return { publication, revision: Number(revision), language, size: size as CardSize, happened };
}
