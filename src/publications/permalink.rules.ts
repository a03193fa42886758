import { UUID_PATTERN } from '../uuid.ts';
import type { PublicDocument } from './document.ts';
import { type Departed, departedWord } from './ending/departed.rules.ts';
import { groundWord, happenedTo, newsRevisionOf } from './news.rules.ts';
import { GROUND_PHASES } from './vocabulary.ts';

/**
 * The address of a publication's newest news: the revision's page, with the event that followed it as the fragment. For
 * readers that it has left, the revision is the one that took it away. Minor revisions have no address of their own.
 */
export function permalinkOf(publicUrl: string, document: PublicDocument, departed?: Departed): string {
  const happened = departed ? departedWord(departed) : happenedTo(document);
  const revision = departed?.revision ?? newsRevisionOf(document);
  return `${publicUrl}/publications/${document.id}/r/${revision}${happened && `#${happened}`}`;
}

/** The parts of a permalink; the host may be any. */
export interface Permalink {
  publication: string;
  revision: number;
  /** See `happenedTo`. */
  happened: string;
}

const PERMALINK = new RegExp(
  `/publications/(${UUID_PATTERN})/r/([1-9]\\d{0,5})(?:#(cancelled|all-clear|left-[0-9a-z]{5,8}|(?:${GROUND_PHASES.map(groundWord).join('|')})-\\d{1,12}))?$`,
);

/** Reads an address that `permalinkOf` wrote; undefined for any other text. */
export function readPermalink(text: string): Permalink | undefined {
  const [, publication, revision, happened = ''] = PERMALINK.exec(text) ?? [];
  return publication === undefined ? undefined : { publication, revision: Number(revision), happened };
}
