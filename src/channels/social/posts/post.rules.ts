import { FRENCH } from '../../../publications/content/language.rules.ts';
import type { PublicDocument } from '../../../publications/document.ts';
import type { Departed } from '../../../publications/ending/departed.rules.ts';
import { kindOf } from '../../../publications/kinds.ts';
import { permalinkOf } from '../../../publications/permalink.rules.ts';
import type { NewsPhase, PublicState } from '../../../publications/vocabulary.ts';
import type { Territory } from '../../../territory/territory.ts';
import { cardAlt, cardContent, hasLetters } from '../../cards/card.rules.ts';
import { cardPath } from '../../cards/card-address.rules.ts';
import { fitLines, type Line, shorten } from '../fitting/fit.rules.ts';
import { measure, NETWORK_ROWS, type SocialNetwork } from '../fitting/networks.ts';
import { type PostFacts, postFacts } from './facts.rules.ts';
import { placeForms } from './place.rules.ts';
import { postWords } from './words.ts';

/** A post ready to be sent. */
export interface Post<D extends PublicDocument = PublicDocument> {
  network: SocialNetwork;
  document: D;
  revision: number;
  phase: NewsPhase;
  /** The language of its words, which may be another than was asked for. */
  language: string;
  /** True for a translation older than the French. */
  outdated: boolean;
  text: string;
  /** As the network counts. */
  length: number;
  limit: number;
  /** Parts of an SMS; null for the others. */
  segments: number | null;
  /** The permalink that the text holds. */
  url: string;
  imageUrl: string | null;
  imageAlt: string | null;
}

export interface PostSetting {
  territory: Territory;
  /** Base of permalinks, without a trailing slash. */
  publicUrl: string;
  /** The document's state now. */
  state: PublicState;
  /** BCP 47; the nearest language there is gets told. */
  language: string;
  /** How it left the place or the gravity of the post's readers; absent where it did not. */
  departed?: Departed | undefined;
}

/** Up to this limit a network is short of room. */
const SHORT = 310;

/**
 * What a network is told of a frozen document: its words, cut at a word where they are too long. Never lost are the mark of
 * an exercise, what it is and how grave, that it is over or withdrawn, the place, and the link.
 * Throws a RangeError where the hub's public address is so long that these alone exceed the limit.
 */
export function makePost<D extends PublicDocument>(document: D, network: SocialNetwork, setting: PostSetting): Post<D> {
  const { departed, territory } = setting;
  const facts = postFacts(document, setting.language, setting.state, departed && { departed, territory });
  const url = permalinkOf(setting.publicUrl, document, departed);
  const text = fitInto(network, postLines(document, facts, { network, url, territory }));
  const { length, limit, segments } = measure(network, text);
  const { phase, language, outdated } = facts;
  const picture = pictureOf(document, facts, network, setting);
  const { revision } = departed ?? document;
  return { network, document, revision, phase, language, outdated, text, length, limit, segments, url, ...picture };
}

/** The card of a post and the text that tells it: in its own language where the letters can be drawn, else in French. */
function pictureOf(
  document: PublicDocument,
  { language, headline }: PostFacts,
  network: SocialNetwork,
  { territory, publicUrl }: PostSetting,
): Pick<Post, 'imageUrl' | 'imageAlt'> {
  const { card } = NETWORK_ROWS[network];
  if (!card) return { imageUrl: null, imageAlt: null };
  const drawn = hasLetters(headline) ? language : FRENCH;
  return {
    imageUrl: `${publicUrl}${cardPath(document, drawn, card)}`,
    imageAlt: cardAlt(cardContent(document, territory, drawn, card), postWords(drawn)),
  };
}

/** The text of lines as a network takes it. Throws a RangeError where what must not be lost alone exceeds the limit. */
export function fitInto(network: SocialNetwork, lines: readonly Line[]): string {
  const { limit: most, rewrite = (text: string) => text } = NETWORK_ROWS[network];
  // A text that is far too long need not be counted: a character of many code points is no word that anybody wrote.
  const fitted = fitLines(lines, (text) => text.length <= 4 * most && measure(network, rewrite(text)).fits);
  if (fitted === undefined)
    throw new RangeError(`there is no room on ${network} for ${lines.map(({ forms }) => forms.at(-1)).join(' ')}`);
  return rewrite(fitted);
}

interface PostFrame {
  network: SocialNetwork;
  url: string;
  territory: Territory;
}

/** A post as lines in reading order: the link is the last but one, tags are the last. */
export function postLines(document: PublicDocument, facts: PostFacts, { network, url, territory }: PostFrame): Line[] {
  const { places, hashtags, limit } = NETWORK_ROWS[network];
  const { words } = facts;
  const place = placeForms(document, territory, words, places);
  const sign = facts.phase === 'REVISION' ? kindOf(document.kind).post.sign?.(document) : undefined;
  const before = facts.mark ? `${facts.mark} – ` : sign ? `${sign} ` : '';
  // Where room is short, what to do comes before the long form of a date or of a road.
  const shortest = (forms: readonly string[]) => (limit <= SHORT ? forms.slice(-1) : forms);
  const title = shortest(facts.title).map((form) => `${before}${form}`);
  const tags = facts.tags.slice(0, hashtags).map((tag) => `#${tag}`);
  const source = facts.source && `${words.source}${words.colon} ${shorten(facts.source, 60)}`;
  return [
    { forms: title, rank: 1 },
    { forms: [facts.headline, ''], rank: 0, cut: 'word' },
    { forms: place.map((form) => `📍 ${form}`), rank: 3 },
    { forms: [...shortest(facts.window), ''], rank: 2 },
    ...facts.body.map(
      ({ text, cut }, index): Line => ({ forms: [text, ''], rank: 6 + index, least: 30, ...(cut ? { cut } : {}) }),
    ),
    { forms: facts.outdated ? shortest(words.outdated) : [''], rank: 5 },
    { forms: source ? [source, ''] : [''], rank: 4 },
    { forms: [url], rank: 0 },
    { forms: tags.length > 0 ? [tags.join(' '), tags[0] ?? '', ''] : [''], rank: 5 },
  ];
}
