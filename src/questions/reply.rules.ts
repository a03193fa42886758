import type { SocialNetwork } from '../channels/social/fitting/networks.ts';
import { postFacts } from '../channels/social/posts/facts.rules.ts';
import { fitInto, postLines } from '../channels/social/posts/post.rules.ts';
import { formatDateTime } from '../publications/content/date-time.ts';
import { FRENCH } from '../publications/content/language.rules.ts';
import type { InEachTongue } from '../publications/content/tongue.ts';
import { firstText } from '../publications/content/translations.rules.ts';
import { type PublicDocument, publicStateAt } from '../publications/document.ts';
import { permalinkOf } from '../publications/permalink.rules.ts';
import type { Territory } from '../territory/territory.ts';

export interface ReplySetting {
  network: SocialNetwork;
  /** The reader's, in order. */
  languages: readonly string[];
  territory: Territory;
  /** Base of permalinks, without a trailing slash. */
  publicUrl: string;
  now: Date;
}

const VERIFIED: InEachTongue<(at: string) => string> = {
  fr: (at) => `Vérifié le ${at}`,
  en: (at) => `Verified on ${at}`,
};

/**
 * A reply to paste under a question: the words of the post about a publication as they are now, until when somebody vouched for
 * them, and the link; no hashtags, since it calls nobody else. Where the publication is over it says so first, and gives no
 * orders (I-54).
 */
export function replyOf(document: PublicDocument, setting: ReplySetting): string {
  const { network, languages, territory, publicUrl, now } = setting;
  const { texts } = document.allClear ?? document;
  const state = publicStateAt(document, now.getTime());
  const facts = postFacts(document, firstText(texts, languages)?.language ?? FRENCH, state);
  const url = permalinkOf(publicUrl, document);
  const lines = postLines(document, { ...facts, tags: [] }, { network, url, territory });
  const holds = facts.phase === 'REVISION' && (state === 'IN_FORCE' || state === 'UPCOMING');
  const { tongue } = facts.words;
  const verified = VERIFIED[tongue](formatDateTime('short', tongue, document.verifiedAt));
  // Before all else: readers must see how old the answer is.
  if (holds) lines.splice(-2, 0, { forms: [verified, ''], rank: -1 });
  return fitInto(network, lines);
}
