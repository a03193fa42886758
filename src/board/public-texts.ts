import type { Block } from '../publications/content/block.ts';
import type { TextContent } from '../publications/content/content.ts';
import { FRENCH } from '../publications/content/language.rules.ts';
import { tongueFor } from '../publications/content/tongue.ts';
import { bestText, isStale } from '../publications/content/translations.rules.ts';
import type { PublicDocument } from '../publications/document.ts';
import { ENDING_WORDS, marked } from '../publications/ending/ending.words.ts';
import { kindOf } from '../publications/kinds.ts';
import type { ChangeType } from '../publications/vocabulary.ts';

/** The words of a publication in one language, as the API answers them. */
export interface PublicText {
  language: string;
  headline: string;
  description: string;
  instruction: string | null;
  stale: boolean;
}

/** The argument `language` of the fields that `textIn` answers. */
export const LANGUAGE = {
  defaultValue: FRENCH,
  description: 'BCP 47 tag; the best match is answered: exact, then the same primary language, then French.',
};

// The list of texts belongs to an immutable document: what is derived from it is derived once.
const known = new WeakMap<readonly TextContent[], PublicText[]>();

/** Texts as the public reads them, French first, each marked where the French has moved on. */
export function publicTexts(texts: readonly TextContent[]): PublicText[] {
  const found = known.get(texts);
  if (found) return found;
  const made = texts
    .map(({ language, headline, description, instruction, ...text }) => ({
      language,
      headline,
      description,
      instruction,
      stale: isStale({ language, headline, description, instruction, ...text }, texts),
    }))
    .sort((a, b) => Number(b.language === FRENCH) - Number(a.language === FRENCH));
  known.set(texts, made);
  return made;
}

/** The text in a language, or the nearest to it; French if there is none. */
export function textIn(texts: readonly TextContent[], language: string): PublicText {
  const text = bestText(publicTexts(texts), language);
  if (!text) throw new Error('a published document without French text');
  return text;
}

/**
 * The words of one change: why its publication was withdrawn, the all clear, what was seen on the ground; else those of the
 * revision. The hub's own words are French beside French, and English beside every other language.
 */
export function changeText(type: ChangeType, document: PublicDocument, language: string): PublicText {
  const text = textIn(document.texts, language);
  const tongue = tongueFor(text.language);
  const { exercise, cancelled } = ENDING_WORDS[tongue];
  const instead = (headline: string, description: string): PublicText => ({
    language: text.language,
    headline: marked(document.mode, exercise, headline),
    description,
    instruction: null,
    stale: false,
  });
  if (type === 'CANCELLED' && document.cancelled) return instead(cancelled(text.headline), document.cancelled.reason);
  if (type === 'ALL_CLEAR' && document.allClear) return textIn(document.allClear.texts, language);
  const { observation } = kindOf(document.kind);
  if (type !== 'OBSERVED' || !observation?.news(document)) return text;
  const { title, blocks } = observation.newsText(document, tongue);
  return instead(title, blocks.map(plainOf).join('\n'));
}

const plainOf = (block: Block): string => ('text' in block ? block.text : [block.title, ...block.items].join('\n'));
