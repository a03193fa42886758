import { UUID_PATTERN } from '../uuid.ts';
import type { PublicDocument } from './document.ts';
import { groundWord, happenedTo } from './news.rules.ts';
import { GROUND_PHASES } from './vocabulary.ts';

/** The address of a publication's newest news: the revision's page, with the event that followed it as the fragment. */
export function permalinkOf(publicUrl: string, document: PublicDocument): string {
  const happened = happenedTo(document);
  return `${publicUrl}/publications/${document.id}/r/${document.revision}${happened && `#${happened}`}`;
}

/** The parts of a permalink; the host may be any. */
export interface Permalink {
  publication: string;
  revision: number;
  /** See `happenedTo`. */
  happened: string;
}

const PERMALINK = new RegExp(
  `/publications/(${UUID_PATTERN})/r/([1-9]\\d{0,5})(?:#(cancelled|all-clear|(?:${GROUND_PHASES.map(groundWord).join('|')})-\\d{1,12}))?$`,
);

/** Reads an address that `permalinkOf` wrote; undefined for any other text. */
export function readPermalink(text: string): Permalink | undefined {
  const [, publication, revision, happened = ''] = PERMALINK.exec(text) ?? [];
  return publication === undefined ? undefined : { publication, revision: Number(revision), happened };
}
